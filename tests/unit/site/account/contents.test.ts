import { expect, test } from 'vitest'
import { findCurrent } from '../../../../src/site/account/contents.ts'

/** Five cards in a window of 800 pixels; the last two are short and stand at the end of the page. */
const heights = [400, 700, 300, 250, 300]
const pageHeight = 100 + heights.reduce((sum, height) => sum + height, 0) + 200

function view(scrolled: number, target = -1) {
  let top = 100 - scrolled
  const boxes = heights.map((height) => {
    const box = { top, bottom: top + height }
    top += height
    return box
  })
  return { boxes, target, height: 800, progress: scrolled / (pageHeight - 800) }
}

test('contents: every card is marked in turn while the page is scrolled, the first and the last too', () => {
  const seen = Array.from({ length: pageHeight - 800 + 1 }, (_, scrolled) =>
    findCurrent(view(scrolled)),
  )
  expect(seen[0]).toBe(0)
  expect(seen.at(-1)).toBe(4)
  expect(seen).toEqual(seen.toSorted())
  expect([...new Set(seen)]).toEqual([0, 1, 2, 3, 4])
})

test('contents: a card that the URL names is marked while all of it is in view', () => {
  const end = pageHeight - 800
  expect(findCurrent(view(end, 3))).toBe(3)
  expect(findCurrent(view(0, 3))).toBe(0)
})

test('contents: a page that does not scroll marks its first card', () => {
  expect(findCurrent({ boxes: [], target: -1, height: 800, progress: 0 })).toBe(0)
})
