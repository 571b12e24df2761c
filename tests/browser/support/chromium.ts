/**
 * Finds a Chrome or Chromium, or installs one: Playwright's own download, else Debian's packages. Most tests
 * run in the headless shell where one is installed: it has no windows, and takes less time.
 */

import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type LaunchOptions, type Page } from '@playwright/test'

const commands = [
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
 * A switch replaces the one of the same name that Playwright gives, so its list of features is repeated here: of
 * Playwright 1.65, without what is for Windows and Edge.
 */
const featuresThatPlaywrightDisables = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

/**
 * The browser's own pages, which a headless one does not show: the list below the address bar is two web pages in every
 * new window, and a spare process waits for the next page. Without them opening a page in a new context takes 0.4
 * instead of 0.9 seconds of CPU time (Chromium 156).
 */
const featuresOfWindows = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'SpareRendererForSitePerProcess',
]

/** Switches for every browser that tests start. */
export const browserArguments: readonly string[] = [
  '--disable-quic',
  '--no-first-run',
  `--disable-features=${[...featuresThatPlaywrightDisables, ...featuresOfWindows].join()}`,
]

/**
 * @returns path of a browser that can be started
 * @throws {Error} in a sentence that says what to do, when there is none and none can be installed
 */
export function requireChromium(): string {
  const found = findChromium()
  if (found) return found
  const installers = [downloadChromium, installDebianChromium]
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

/** @returns path of the headless shell beside the browser, or of the browser itself */
export function requireHeadlessShell(): string {
  const browser = requireChromium()
  const shell = listInPath(['chromium-headless-shell']).find(isProgram)
  return process.env.CHROMIUM_PATH ? browser : (shell ?? browser)
}

/** Starts a browser with a back/forward cache, which Playwright disables and the headless shell does not have. */
export function launchWithBackForwardCache(options: LaunchOptions): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath: requireChromium(),
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
}

/** @returns waits until Back has restored the page from the back/forward cache */
export async function watchForBfcacheRestore(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.documentElement.dataset.persisted = String(persisted)
    })
  })
  return () => page.locator('html[data-persisted=true]').waitFor({ state: 'attached' })
}

function findChromium(): string | undefined {
  return [
    process.env.CHROMIUM_PATH ?? '',
    chromium.executablePath(),
    ...listInPath(commands),
    ...applications,
  ].find(isProgram)
}

function listInPath(names: readonly string[]): readonly string[] {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
}

function isProgram(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // A file that may not be executed counts as missing.
    return false
  }
}

function downloadChromium(): void {
  run(process.execPath, ['node_modules/@playwright/test/cli.js', 'install', 'chromium'])
}

function installDebianChromium(): void {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return
  run('apt-get', ['update'])
  run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
  run('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium-headless-shell'])
}

/** A failing installer is no error: the next one is tried. */
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
