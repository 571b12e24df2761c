/** How the page was opened: anew, loaded again, or come back to by Back or Forward. */
export function findNavigationType(): NavigationTimingType | undefined {
  const [navigation] = performance.getEntriesByType('navigation')
  return navigation instanceof PerformanceNavigationTiming ? navigation.type : undefined
}
