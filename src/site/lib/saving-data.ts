/** Whether the rider pays for what they may not need: they have asked to save data, or the line is a very slow one. */
export function isSavingData(): boolean {
  const connection: unknown = 'connection' in navigator ? navigator.connection : undefined
  if (typeof connection !== 'object' || connection === null) return false
  const saves = 'saveData' in connection && connection.saveData === true
  return saves || ('effectiveType' in connection && /2g/.test(String(connection.effectiveType)))
}
