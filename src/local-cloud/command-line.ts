/** The options of `npm run cognito`: one table for the parser, for `--help` and for the table in README.md. */

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { quotaCategoryNames } from '../shared/cognito-quotas.ts'
import { SettingsError } from '../shared/settings-error.ts'
import { readDataFolder } from './local-cloud.ts'
import { product } from './product.ts'
import { isOrigin, parseHost } from './request-guard.ts'
import type { ServeOptions } from './serve.ts'
import { parseClientId, parseUserPoolId } from './user-pool/chosen-ids.ts'
import { didYouMean } from './user-pool/did-you-mean.ts'
import { cognitoLimits, limitedOperations, noLimits, parseLimits } from './user-pool/limits.ts'
import { localPool } from './user-pool/local-pool.ts'
import { parseQuotas } from './user-pool/quotas.ts'
import { parseSeed } from './user-pool/seed.ts'
import {
  type ParameterValues,
  parseParameter,
  parseParameterFile,
} from './user-pool/template-parameters.ts'
import { parseSigningKey } from './user-pool/tokens/signing-keys.ts'

const defaultPort = '9229'

interface Option {
  /** what the value is, such as `NUMBER`; none for a flag */
  readonly value?: string
  readonly multiple?: boolean
  /** in Markdown, for README.md; `--help` shows it without the marks */
  readonly meaning: string
  /** in Markdown: what holds without the option */
  readonly without: string
}

/** What the parser of Node knows of an option: a flag, a value, or several. */
const flag = { type: 'boolean', default: false } as const
const one = { type: 'string' } as const
const several: { type: 'string'; multiple: true; default: string[] } = {
  type: 'string',
  multiple: true,
  default: [],
}

export const commandLineOptions = {
  port: {
    ...one,
    value: 'NUMBER',
    meaning: 'where it listens, on this machine only',
    without: defaultPort,
  },
  host: {
    ...one,
    value: 'ADDRESS',
    meaning:
      'address to listen on, such as `0.0.0.0` in a container: whoever reaches it may call the pool, by a name that the guard knows',
    without: 'this machine only',
  },
  'allow-host': {
    ...several,
    value: 'NAME',
    meaning:
      'a name by which it may be called beside localhost, such as `cognito`; with a port where that is not its own, as `localhost:8080`',
    without: 'none',
  },
  data: {
    ...one,
    value: 'FOLDER',
    meaning: 'folder of its data',
    without: `\`LOCAL_CLOUD_DATA\`, else \`${product.defaultDataFolder}/\``,
  },
  memory: { ...flag, meaning: 'keeps everything in memory, and no file', without: 'off' },
  seed: {
    ...one,
    value: 'FILE',
    meaning: 'users and groups to begin with, as JSON; those that there are stay as they are',
    without: 'none',
  },
  key: {
    ...one,
    value: 'FILE',
    meaning: 'private RSA key that signs all tokens, as PEM or JWK',
    without: 'two keys of its own, kept with the data',
  },
  template: {
    ...one,
    value: 'FILE',
    meaning:
      'CloudFormation template with an `AWS::Cognito::UserPool`: YAML or JSON, also one that CDK or Amplify made, or a file of the Serverless Framework',
    without: `\`LOCAL_CLOUD_TEMPLATE\`, else ${product.defaultTemplateText}`,
  },
  parameter: {
    ...several,
    value: 'NAME=VALUE',
    meaning: 'value of a parameter of the template',
    without: "the parameter's `Default`",
  },
  parameters: {
    ...one,
    value: 'FILE',
    meaning:
      "values in CloudFormation's JSON (`ParameterKey`, `ParameterValue`), or names and values, as Amplify's `parameters.json`",
    without: 'none',
  },
  pool: {
    ...one,
    value: 'NAME',
    meaning: 'logical name of the user pool, where the template has several',
    without: 'the only one',
  },
  'user-pool-id': {
    ...one,
    value: 'ID',
    meaning:
      'id of the user pool, as an app has it committed. Its region is the one that the id begins with',
    without: `\`${localPool.userPoolId}\``,
  },
  'client-id': {
    ...several,
    value: '[NAME=]ID',
    meaning:
      'id of the first app client, or of the one with this logical name in the template, such as `LodgeWeb=1example23456789`',
    without: `\`${localPool.userPoolClientId}\`; of each other client one made of its logical name`,
  },
  strict: {
    ...flag,
    meaning: `everything that is passed over or stood in is a problem${product.siteNotes.strict}`,
    without: 'off',
  },
  trigger: {
    ...several,
    value: 'NAME=FILE',
    meaning: 'a module whose `handler` runs as this [Lambda trigger](#lambda-triggers)',
    without: 'none',
  },
  'allow-origin': {
    ...several,
    value: 'ORIGIN',
    meaning: 'an origin whose pages may call the API. The console stays closed to it',
    without: 'none',
  },
  issuer: {
    ...flag,
    meaning: `the pool is its own issuer: \`iss\` of its tokens is its own address, \`http://localhost:9229/${localPool.userPoolId}\`, from which clients find the keys${product.siteNotes.issuer}`,
    without: "off: AWS's address for this pool id",
  },
  limit: {
    ...several,
    value: 'NAME=N',
    meaning: `a limit other than Cognito's, or \`NAME=off\`: \`SignIn\` (failures before a user is locked out), the calls an hour of ${limitedOperations.map((name) => `\`${name}\``).join(', ')}; or the lifetime of a \`sign-up-code\`, \`attribute-code\` or \`password-reset-code\` in seconds`,
    without: "Cognito's",
  },
  quota: {
    ...several,
    value: 'NAME=N',
    meaning: `a quota of an AWS account, \`aws\` for all that AWS gives, or \`NAME=off\`: requests a second of ${quotaCategoryNames()
      .map((name) => `\`${name}\``)
      .join(', ')}; or \`EmailsPerDay\`${product.siteNotes.quota}`,
    without: 'none',
  },
  'no-limits': { ...flag, meaning: 'no lockout and no limit of calls', without: 'off' },
  'test-clock': {
    ...flag,
    meaning: '`POST /console/clock` may advance the clock',
    without: 'off',
  },
  help: { ...flag, meaning: 'says what the options are, and starts nothing', without: 'off' },
} satisfies Readonly<Record<string, Option>>

export interface CommandLine {
  readonly wantsHelp: boolean
  /** `NAME=FILE` each: which trigger is run by the function of which file */
  readonly triggers: readonly string[]
  readonly serve: Omit<ServeOptions, 'print' | 'triggers'>
}

/**
 * @param args the arguments after the program's name
 * @throws {SettingsError} naming the option, what was expected and an example
 */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  const values = readValues(args)
  if (values.memory && values.data) {
    throw new SettingsError('--memory', 'no --data beside it', 'Leave one of them out.')
  }
  return {
    wantsHelp: values.help,
    triggers: values.trigger,
    serve: {
      port: parsePort(values.port ?? defaultPort),
      host: values.host,
      isIssuer: values.issuer,
      dataFolder: values.memory
        ? undefined
        : values.data
          ? resolve(values.data)
          : readDataFolder(env),
      testClock: values['test-clock'] || env.LOCAL_CLOUD_TEST_CLOCK === '1',
      template: values.template ?? env.LOCAL_CLOUD_TEMPLATE,
      reading: {
        parameters: Object.assign({}, ...values.parameter.map(parseParameter)),
        ...(values.parameters && { fileParameters: readParameterFile(values.parameters) }),
        pool: values.pool,
        isStrict: values.strict,
        ids: {
          userPoolId:
            values['user-pool-id'] === undefined
              ? undefined
              : parseUserPoolId(values['user-pool-id']),
          clients: values['client-id'].map(parseClientId),
        },
      },
      seed: values.seed === undefined ? undefined : readSeedFile(values.seed),
      signingKey: values.key === undefined ? undefined : readKeyFile(values.key),
      limits: parseLimits(values.limit, values['no-limits'] ? noLimits : cognitoLimits),
      quotas: parseQuotas(values.quota),
      allowedOrigins: new Set(values['allow-origin'].map(parseOrigin)),
      allowedHosts: new Set(values['allow-host'].map(parseAllowedHost)),
    },
  }
}

/** @returns the rows of the table in README.md: option, meaning, default */
export function toOptionRows(): readonly string[] {
  return listOptions().map(({ usage, meaning, isRepeatable, without }) => {
    const text = isRepeatable ? `${meaning}. May be given several times` : meaning
    return `| \`${usage}\` | ${text} | ${without} |`
  })
}

/** maximum characters of a line of the help */
const helpWidth = 100

/** @param command such as `npm run cognito --` */
export function toHelp(command: string): string {
  const options = listOptions().map(({ usage, meaning, isRepeatable, without }) => {
    const text = `${meaning}${isRepeatable ? '. May be given several times' : ''} (default: ${without})`
    const plain = text.replaceAll('`', '').replace(/\[([^\]]+)\]\(#[\w-]+\)/g, '$1')
    const lines = wrap(plain, helpWidth - 6)
    return [`  ${usage}`, ...lines.map((line) => `      ${line}`)].join('\n')
  })
  return [`Usage: ${command} [options]`, ...options].join('\n')
}

function listOptions() {
  return Object.entries<Option>(commandLineOptions).map(([name, option]) => ({
    ...option,
    usage: option.value === undefined ? `--${name}` : `--${name} ${option.value}`,
    isRepeatable: option.multiple === true,
  }))
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length < width)
      lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}

/** @throws {SettingsError} for an option that there is not, or a value that is missing */
function readValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: commandLineOptions }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const names = Object.keys(commandLineOptions).map((name) => `--${name}`)
    const expected = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
    const [, unknown] = /^Unknown option '(--[\w-]+)/.exec(reason) ?? []
    const meant = unknown === undefined ? '' : didYouMean(unknown, names)
    throw new SettingsError('arguments', expected, `${reason}${meant}`, { cause: error })
  }
}

/** @throws {SettingsError} for a text that is no port */
function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new SettingsError('--port', 'a number from 0 to 65535', `For example --port ${defaultPort}`)
}

/** @throws {SettingsError} for a file that cannot be read or has no parameters */
function readParameterFile(path: string): ParameterValues {
  return parseParameterFile(readTextFile('--parameters', path), path)
}

/** @throws {SettingsError} for a file that cannot be read or is no seed */
function readSeedFile(path: string): ServeOptions['seed'] {
  const text = readTextFile('--seed', path)
  try {
    return { content: parseSeed(JSON.parse(text), path), setting: path }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new SettingsError(`--seed ${path}`, 'a file in JSON', error.message, { cause: error })
  }
}

/** @throws {SettingsError} for a file that cannot be read or is no private RSA key */
function readKeyFile(path: string): ServeOptions['signingKey'] {
  return parseSigningKey(readTextFile('--key', path), `--key ${path}`)
}

/** @throws {SettingsError} for a file that cannot be read */
function readTextFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(`${option} ${path}`, 'a file that can be read', reason, {
      cause: error,
    })
  }
}

/** @throws {SettingsError} for a text that is not an origin as browsers send it */
function parseOrigin(text: string): string {
  if (isOrigin(text)) return text
  throw new SettingsError(
    `--allow-origin ${text}`,
    'an origin, scheme, host and port and no more',
    'For example --allow-origin http://localhost:3000',
  )
}

/** @throws {SettingsError} for a text that is not a host, with a port or without */
function parseAllowedHost(text: string): string {
  const host = parseHost(text)
  if (host !== undefined) return host
  throw new SettingsError(
    `--allow-host ${text}`,
    'a name or an address, with a port or without, and no more',
    'For example --allow-host cognito',
  )
}
