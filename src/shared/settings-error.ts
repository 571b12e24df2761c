/** A setting that a command cannot do its work with. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'

  /**
   * @param setting what is set wrongly: a property path, a variable, an option
   * @param expected what it should have been
   * @param suggestion what to do next
   */
  constructor(setting: string, expected: string, suggestion: string, options?: ErrorOptions) {
    super(`${setting}: expected ${expected}. ${suggestion}`, options)
  }
}
