/** The content of a page's `<template>` elements. */

import { ElementError, requireElement } from './elements.ts'

/**
 * Makes the element that a `<template>` holds. Fields that only some users need stay in a template until then,
 * so that password managers and screen readers do not find them.
 */
export function cloneTemplate(selector: string): HTMLElement {
  const { content } = requireElement(selector, HTMLTemplateElement)
  const element = document.importNode(content, true).firstElementChild
  if (!(element instanceof HTMLElement)) throw new ElementError(selector, 'an element in it')
  return element
}
