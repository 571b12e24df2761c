/**
 * Finds a Chrome or Chromium, or installs one: Playwright's own download, else Debian's package. The one
 * without windows comes first: it does the same and starts in half the time.
 */

import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const commands = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome.exe',
]
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]
const downloadTimeLimitMs = 5 * 60_000

/**
 * @returns path of a browser that can be started
 * @throws {Error} in a sentence that says what to do, when there is none and none can be installed
 */
export function requireChromium(): string {
  const found = findChromium()
  if (found) return found
  const installers = [
    downloadChromium,
    () => installFromDebian('chromium-headless-shell'),
    () => installFromDebian('chromium'),
  ]
  for (const install of installers) {
    install()
    const installed = findChromium()
    if (installed) return installed
  }
  throw new Error(
    'The browser tests need Chrome or Chromium, and none was found or could be installed. ' +
      'Install one, or set CHROMIUM_PATH to its program, and run the tests again.',
  )
}

function findChromium(): string | undefined {
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => commands.map((command) => join(folder, command)))
  return [
    process.env.CHROMIUM_PATH ?? '',
    chromium.executablePath(),
    ...inPath,
    ...applications,
  ].find(isProgram)
}

function isProgram(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // There, but not ours to run: as good as not there.
    return false
  }
}

function downloadChromium(): void {
  run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'])
}

function installFromDebian(name: string): void {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return
  run('apt-get', ['update'])
  run('apt-get', ['install', '--yes', '--no-install-recommends', name, 'fonts-dejavu-core'])
}

/** An installer that fails is no error: the next one has its turn. */
function run(command: string, args: readonly string[]): void {
  process.stdout.write(`No Chromium yet: ${command} ${args.join(' ')}\n`)
  try {
    execFileSync(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: downloadTimeLimitMs,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    process.stdout.write(`That did not work: ${reason}\n`)
  }
}
