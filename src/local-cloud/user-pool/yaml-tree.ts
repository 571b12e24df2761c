/** YAML or JSON as a tree whose parts know their line, with CloudFormation's functions in short and in long form. */

import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import { SettingsError } from '../../shared/settings-error.ts'
import { didYouMean } from './did-you-mean.ts'

export type TemplateNode = ScalarNode | ListNode | MapNode | FunctionNode

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly line: number
  readonly value: string | number | boolean | null
}

export interface ListNode {
  readonly kind: 'list'
  readonly line: number
  readonly items: readonly TemplateNode[]
}

export interface MapNode {
  readonly kind: 'map'
  readonly line: number
  readonly entries: ReadonlyMap<string, Entry>
}

/** An intrinsic function, in its short form `!Sub x` or its long form `{ Fn::Sub: x }`. */
export interface FunctionNode {
  readonly kind: 'function'
  readonly line: number
  /** without `Fn::` */
  readonly name: string
  readonly argument: TemplateNode
}

export interface Entry {
  /** line of the key, counted from 1 */
  readonly line: number
  readonly node: TemplateNode
}

/** What is wrong with a template, or worth knowing: `place` is a logical name and a property path. */
export interface TemplateRemark {
  readonly line: number
  readonly place: string
  readonly text: string
}

export interface YamlTree {
  readonly root: TemplateNode
  /** tags that CloudFormation does not know */
  readonly problems: readonly TemplateRemark[]
  /** keys that are given twice; the last one counts, as on AWS */
  readonly warnings: readonly TemplateRemark[]
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html */
const functionNames = [
  ...['Ref', 'Sub', 'GetAtt', 'If', 'Join', 'Select', 'Split', 'FindInMap', 'ImportValue'],
  ...['Base64', 'Cidr', 'GetAZs', 'Equals', 'And', 'Or', 'Not', 'Condition', 'Transform'],
  ...['Length', 'ToJsonString', 'GetStackOutput', 'RefAll', 'ValueOf', 'ValueOfAll'],
  ...['Contains', 'EachMemberEquals', 'EachMemberIn'],
]

/** Aliases of anchors that have aliases multiply: a short text could fill the memory. */
const maxAliasCount = 1000
/** Levels of maps and lists; a template of CloudFormation has about ten. */
const maxDepth = 200

/**
 * @param path of the file, for error messages
 * @throws {SettingsError} for a text that is not YAML
 */
export function parseYamlTree(text: string, path: string): YamlTree {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, uniqueKeys: false })
  const [error] = document.errors
  if (error) throw new SettingsError(path, 'YAML', error.message, { cause: error })
  const problems: TemplateRemark[] = []
  const warnings: TemplateRemark[] = []
  let aliasCount = 0
  // Nodes that are being converted: an alias inside its own anchor has no end.
  const open = new Set<unknown>()

  function convert(node: unknown, outerLine: number): TemplateNode {
    if (!isNode(node)) return { kind: 'scalar', line: outerLine, value: null }
    const line = node.range ? lineCounter.linePos(node.range[0]).line : outerLine
    if (isAlias(node)) {
      aliasCount += 1
      if (aliasCount > maxAliasCount) {
        throw new SettingsError(path, 'YAML', `It has more than ${maxAliasCount} aliases.`)
      }
      const target = node.resolve(document)
      if (target && !open.has(target)) return convert(target, line)
      problems.push({ line, place: `*${node.source}`, text: 'expected an anchor before it' })
      return { kind: 'scalar', line, value: null }
    }
    open.add(node)
    if (open.size > maxDepth) throw new SettingsError(path, 'YAML', 'It is nested too deeply.')
    const untagged = convertUntagged(node, line)
    open.delete(node)
    return applyTag(node.tag, untagged)
  }

  function convertUntagged(node: unknown, line: number): TemplateNode {
    if (isMap(node)) return toFunction(convertMap(node.items, line))
    if (isSeq(node)) {
      return { kind: 'list', line, items: node.items.map((item) => convert(item, line)) }
    }
    return { kind: 'scalar', line, value: isScalar(node) ? toValue(node.value) : null }
  }

  function convertMap(pairs: readonly { key: unknown; value: unknown }[], line: number): MapNode {
    const entries = new Map<string, Entry>()
    const merged = new Map<string, Entry>()
    for (const { key, value } of pairs) {
      const name = String(isScalar(key) ? key.value : key)
      const keyNode = convert(key, line)
      const node = convert(value, keyNode.line)
      if (name === '<<') {
        for (const source of node.kind === 'list' ? node.items : [node]) {
          if (source.kind !== 'map') continue
          for (const [inner, entry] of source.entries)
            if (!merged.has(inner)) merged.set(inner, entry)
        }
        continue
      }
      const first = entries.get(name)
      if (first) {
        warnings.push({
          line: keyNode.line,
          place: name,
          text: `is given in line ${first.line} too; this one counts, as on AWS`,
        })
      }
      entries.set(name, { line: keyNode.line, node })
    }
    return { kind: 'map', line, entries: new Map([...merged, ...entries]) }
  }

  function applyTag(tag: string | undefined, node: TemplateNode): TemplateNode {
    if (!tag?.startsWith('!') || tag === '!') return node
    const name = tag.slice(1)
    if (functionNames.includes(name)) {
      return { kind: 'function', line: node.line, name, argument: node }
    }
    const meant = didYouMean(
      tag,
      functionNames.map((one) => `!${one}`),
    )
    problems.push({ line: node.line, place: tag, text: `CloudFormation has no such tag${meant}` })
    return node
  }

  return { root: convert(document.contents, 1), problems, warnings }
}

function toFunction(map: MapNode): MapNode | FunctionNode {
  const [only, second] = map.entries
  if (!only || second || !/^(Ref$|Condition$|Fn::)/.test(only[0])) return map
  const [key, { node }] = only
  return { kind: 'function', line: map.line, name: key.replace(/^Fn::/, ''), argument: node }
}

function toValue(value: unknown): ScalarNode['value'] {
  return typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : String(value)
}
