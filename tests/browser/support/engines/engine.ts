/** What tests do in a browser of any engine. They find things by what a rider reads. */

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { expect } from '@playwright/test'

export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit'
  /** what is missing here to run it, such as "no Firefox is installed here" */
  readonly missing?: string | undefined
  /** Starts a browser with an empty profile. */
  launch(): Promise<EngineBrowser>
}

export interface EngineBrowser {
  newTab(): Promise<Tab>
  close(): Promise<void>
}

/** Each action waits until what it needs is shown. */
export interface Tab {
  open(url: string): Promise<void>
  /** @param label of the field, as it is shown */
  fill(label: string, text: string): Promise<void>
  /** @param name of a button, a link or a checkbox, as it is shown: in the content before the header */
  press(name: string): Promise<void>
  back(): Promise<void>
  /** all that is shown */
  text(): Promise<string>
  url(): Promise<string>
}

/** milliseconds: another browser, on a busy machine, takes its time */
export const timeout = 30_000

/** @returns XPath of the field with this label */
export function toFieldXPath(label: string): string {
  return `//input[@id=//label[normalize-space()="${label}"]/@for]`
}

/**
 * @returns XPaths of what one can press under this name; the first one that is shown is meant. Some names go on for
 *   screen readers.
 */
export function toPressableXPaths(name: string): readonly string[] {
  const names = [`normalize-space()="${name}"`, `starts-with(normalize-space(), "${name} — ")`]
  return names.flatMap((isNamed) =>
    ['//main', ''].map(
      (root) => `${root}//*[self::button[not(@disabled)] or self::a or self::label][${isNamed}]`,
    ),
  )
}

/** Tries again while the page is not there yet, is being left, or still moves. */
export async function retry(action: () => Promise<void>): Promise<void> {
  await expect(action).toPass({ timeout })
}

/** @returns path of the first of these programs that is installed */
export function findProgram(names: readonly string[], paths: readonly string[] = []) {
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  return [...inPath, ...paths].find(existsSync)
}
