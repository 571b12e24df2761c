/**
 * The whole life of a submit: read the fields, show what is wrong, be busy, hand over, and show what the
 * service refused. One submission at a time; a page that was left shows nothing of it any more.
 */

import { createElement, requireElement } from '../lib/elements.ts'
import { announce, endReadOut, readOut } from '../lib/live-region.ts'
import { pauseButton } from './disable-for.ts'
import { bindPasswordFields } from './password-field.ts'

export interface Link {
  readonly text: string
  readonly href: string
}

/** Something the rider must put right. */
export interface Problem {
  readonly text: string
  /** id of the field it is about */
  readonly field?: string
  /** other ways to go on */
  readonly links?: readonly Link[]
  /** the field takes the focus, its text selected for typing over, instead of the summary */
  readonly selectsField?: boolean
  /** id of a field to empty */
  readonly empties?: string
  /** seconds in which the form must not be sent again */
  readonly pauseSeconds?: number
  /** nothing was sent for want of a network: the form is sent by itself when there is one again */
  readonly waitsForNetwork?: boolean
}

/** A field's value, or what is wrong with it. */
export type FieldReading<Value> = { readonly value: Value } | { readonly problem: string }

export type FieldReader<Value> = (input: HTMLInputElement) => FieldReading<Value>

/** What a page does when a form is at rest again, done. */
export type Afterwards = () => void | Promise<void>

/** A way off the page, taken only while the rider still waits for it. */
export interface Departure {
  readonly depart: () => void
}

/**
 * How a submission ended: the page is being left already or is to be left, or the rider stays on it, done or
 * refused.
 */
export type SubmitEnd = 'leaving' | Departure | Afterwards | Problem

export interface FormWords {
  /** stands before the title while something is wrong */
  readonly errorPrefix: string
  /** stands in a button that cannot be pressed yet */
  readonly buttonWait: (seconds: number) => string
  /** read out when it can */
  readonly buttonReady: string
}

export interface FormOptions<Values> {
  readonly form: string
  /** a reader for each field, by the id of its input, in the order of the page */
  readonly fields: { readonly [Id in keyof Values & string]: FieldReader<Values[Id]> }
  /** ids of fields that may be found wrong when they are left, not only on submit */
  readonly checkedOnLeave?: readonly (keyof Values & string)[]
  readonly words: FormWords
  /** Does what the form is for; it does not reject: what can go wrong is a problem. */
  readonly submit: (values: Values) => Promise<SubmitEnd>
  /** whether being busy is read out; not needed where the result comes at once */
  readonly announcesBusy?: boolean
}

/** What networks need to settle; enough for the rider to press the button first. */
const networkSettlesMs = 2000

export interface BoundForm {
  /** Takes away what was found wrong, for a page that moves on by itself. */
  clearProblems(): void
}

/** @throws {ElementError} when the form, its button, a field or an error slot is missing */
export function bindForm<Values extends object>(options: FormOptions<Values>): BoundForm {
  const form = requireElement(options.form, HTMLFormElement)
  const button = requireElement('button[type=submit]', HTMLButtonElement, form)
  const summary = requireElement('#error-summary', HTMLElement)
  const fields = Object.entries<FieldReader<unknown>>(options.fields).map(([id, read]) => ({
    id,
    read,
    input: requireElement(`#${id}`, HTMLInputElement),
    slot: requireElement(`#${id}-error`, HTMLElement),
  }))
  type Field = (typeof fields)[number]
  const idleLabel = [...button.childNodes]
  /** rises with every submission and when the page is left; an outcome of an older one is nobody's */
  let attempt = 0
  let isBusy = false
  /** the page is left because the form was accepted */
  let isDone = false
  /** ends the waiting for a network */
  let stopWaiting = new AbortController()
  /** ends what listens beyond the form, when it has been taken out of the page */
  const life = new AbortController()

  bindPasswordFields(form, life.signal)
  takeOver()
  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault()
      if (button.ariaDisabled !== 'true') void run()
    },
    // Before the page's own listener, which holds what nobody else takes.
    { capture: true },
  )
  form.addEventListener('input', () => {
    followMarkedFields()
    stopWaiting.abort()
  })
  for (const field of fields) {
    if (options.checkedOnLeave?.some((id) => id === field.id)) {
      field.input.addEventListener('change', () => afterPointer(() => checkOnLeave(field)))
    }
  }
  window.addEventListener('pagehide', leave, { signal: life.signal })
  return { clearProblems }

  /** The form may have been sent before this script came. @see `shared/inline-scripts.ts` */
  function takeOver(): void {
    button.disabled = false
    const isHeld = button.ariaDisabled === 'true'
    button.ariaDisabled = null
    if (isHeld) queueMicrotask(() => form.requestSubmit())
  }

  function leave(): void {
    attempt += 1
    setBusy(false)
    closeBlanks()
    if (isDone) forgetPasswords()
  }

  async function run(): Promise<void> {
    stopWaiting.abort()
    blankProblems()
    const values = readFields()
    if (!values) return closeBlanks()
    attempt += 1
    const ours = attempt
    setBusy(true)
    const end = await options.submit(values)
    if (ours !== attempt) return
    isDone = end === 'leaving' || 'depart' in end
    if (end === 'leaving') return
    if ('depart' in end) return end.depart()
    closeBlanks()
    if (!form.isConnected) return life.abort()
    setBusy(false)
    if (typeof end === 'function') await goOn(end)
    else showProblem(end)
  }

  async function goOn(afterwards: Afterwards): Promise<void> {
    forgetPasswords()
    await afterwards()
    if (!form.isConnected) life.abort()
  }

  /** Sends the form when the network is back, unless the rider does anything with it before. */
  function runWhenOnline(): void {
    stopWaiting = new AbortController()
    const { signal } = stopWaiting
    const runSoon = () =>
      setTimeout(() => {
        if (!signal.aborted && form.isConnected) void run()
      }, networkSettlesMs)
    window.addEventListener('online', runSoon, { once: true, signal })
    window.addEventListener('pagehide', () => stopWaiting.abort(), { once: true, signal })
  }

  function readFields(): Values | undefined {
    const readings = fields.map((field) => ({ field, reading: field.read(field.input) }))
    const wrong = readings.flatMap(({ field, reading }) =>
      'problem' in reading ? [{ field, text: reading.problem }] : [],
    )
    if (wrong.length === 0) {
      const values = readings.map(({ field, reading }) => [
        field.id,
        'value' in reading ? reading.value : undefined,
      ])
      // Every reader gave the value its type promises; TypeScript cannot follow that through entries.
      return Object.fromEntries(values) as Values
    }
    for (const { field, text } of wrong) markField(field, text)
    showSummary(wrong.map(({ field, text }) => createFieldLink(field, text)))
    summary.focus()
    return undefined
  }

  function showProblem(problem: Problem): void {
    const { text, field: id, links = [], selectsField, empties, pauseSeconds } = problem
    const field = fields.find((candidate) => candidate.id === id)
    if (field) markField(field, text)
    const line = field ? createFieldLink(field, text) : createElement('span', text)
    const ways = createElement('span', '', 'error-actions')
    ways.append(...links.map(createLink))
    showSummary([line, ...(links.length > 0 ? [ways] : [])])
    for (const { input } of fields) if (input.id === empties) input.value = ''
    if (field && selectsField) {
      field.input.focus()
      field.input.select()
    } else {
      summary.focus()
    }
    if (pauseSeconds !== undefined) pause(pauseSeconds)
    if (problem.waitsForNetwork) runWhenOnline()
  }

  function pause(seconds: number): void {
    const endsAtMs = Date.now() + seconds * 1000
    const wait = createElement('span')
    button.append(wait)
    pauseButton({ button, wait }, options.words.buttonWait, {
      readSecondsLeft: () => Math.ceil((endsAtMs - Date.now()) / 1000),
      onReady() {
        wait.remove()
        announce(options.words.buttonReady)
      },
    })
  }

  function showSummary(lines: readonly HTMLElement[]): void {
    const list = requireElement('ul', HTMLUListElement, summary)
    list.replaceChildren(
      ...lines.map((line) => {
        const item = createElement('li')
        item.append(line)
        return item
      }),
    )
    open(summary)
    unmarkTitle()
    document.title = `${options.words.errorPrefix}${document.title}`
  }

  function hideSummary(): void {
    close(summary)
    unmarkTitle()
  }

  function unmarkTitle(): void {
    const { errorPrefix } = options.words
    if (document.title.startsWith(errorPrefix)) {
      document.title = document.title.slice(errorPrefix.length)
    }
  }

  function markField({ input, slot }: Field, text: string): void {
    slot.replaceChildren(createElement('span', options.words.errorPrefix, 'visually-hidden'), text)
    open(slot)
    input.setAttribute('aria-invalid', 'true')
    setDescription(input, slot.id, true)
  }

  function unmarkField(field: Field): void {
    unmarkInput(field)
    close(field.slot)
    field.slot.replaceChildren()
  }

  function unmarkInput({ input, slot }: Field): void {
    input.removeAttribute('aria-invalid')
    setDescription(input, slot.id, false)
  }

  function clearProblems(): void {
    blankProblems()
    closeBlanks()
  }

  /** Takes away what was found wrong and leaves its place: nothing may move under the pointer. */
  function blankProblems(): void {
    for (const field of fields) {
      unmarkInput(field)
      blank(field.slot)
    }
    blank(summary)
    unmarkTitle()
  }

  /** Takes away the places that nothing has come to meanwhile. */
  function closeBlanks(): void {
    for (const field of fields.filter(({ slot }) => isBlank(slot))) unmarkField(field)
    if (isBlank(summary)) hideSummary()
  }

  /** While typing, an error follows the value and goes away with it; the summary goes with the last one. */
  function followMarkedFields(): void {
    for (const field of fields.filter(({ input }) => input.ariaInvalid === 'true')) {
      const link = summary.querySelector(`a[href="#${field.id}"]`)
      const reading = field.read(field.input)
      if ('problem' in reading) {
        markField(field, reading.problem)
        if (link) link.textContent = reading.problem
      } else {
        unmarkField(field)
        link?.closest('li')?.remove()
      }
    }
    if (!summary.querySelector('li')) hideSummary()
  }

  function checkOnLeave(field: Field): void {
    const reading = field.read(field.input)
    if (field.input.value !== '' && 'problem' in reading) markField(field, reading.problem)
  }

  /** Whoever comes back by the Back button finds no password that has done its work. */
  function forgetPasswords(): void {
    for (const { input } of fields) {
      if (input.autocomplete.endsWith('password')) input.value = ''
    }
  }

  function setBusy(busy: boolean): void {
    if (busy === isBusy) return
    isBusy = busy
    const label = button.dataset.busy ?? ''
    button.style.minInlineSize = busy ? `min(${button.offsetWidth}px, 100%)` : ''
    button.replaceChildren(...(busy ? [label] : idleLabel))
    button.ariaDisabled = busy ? 'true' : null
    if (options.announcesBusy === false) return
    if (busy) readOut(label)
    else endReadOut(label)
  }
}

/** A place for problems is open, closed, or blank: there, with nothing to see or to hear in it. */
function open(place: HTMLElement): void {
  place.hidden = false
  place.style.visibility = ''
}

function close(place: HTMLElement): void {
  place.hidden = true
  place.style.visibility = ''
}

function blank(place: HTMLElement): void {
  place.style.visibility = 'hidden'
}

function isBlank({ style }: HTMLElement): boolean {
  return style.visibility === 'hidden'
}

let isPointerDown = false
document.addEventListener('pointerdown', () => {
  isPointerDown = true
})
for (const event of ['pointerup', 'pointercancel']) {
  document.addEventListener(event, () => {
    isPointerDown = false
  })
}

/** Waits for a press under way to become a click: what it aims at must not move from under it. */
export function afterPointer(act: () => void): void {
  if (isPointerDown) document.addEventListener('pointerup', () => setTimeout(act), { once: true })
  else act()
}

function createFieldLink({ input }: { input: HTMLInputElement }, text: string): HTMLAnchorElement {
  const link = createLink({ text, href: `#${input.id}` })
  link.addEventListener('click', (event) => {
    event.preventDefault()
    input.focus()
  })
  return link
}

function createLink({ text, href }: Link): HTMLAnchorElement {
  const link = createElement('a', text)
  link.href = href
  return link
}

/** Adds or takes away one id of `aria-describedby`, which also names the field's hint. */
function setDescription(input: HTMLInputElement, id: string, isAdded: boolean): void {
  const ids = (input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
  const others = ids.filter((other) => other !== id)
  const wanted = isAdded ? [...others, id] : others
  if (wanted.length > 0) input.setAttribute('aria-describedby', wanted.join(' '))
  else input.removeAttribute('aria-describedby')
}
