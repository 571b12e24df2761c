/** What stands in a page's `<template>` elements. */

import { ElementError, requireElement } from './elements.ts'

/**
 * Makes the element that a `<template>` holds. What only some riders come to stays out of the page until
 * then, so that password managers and screen readers meet no field that is not meant yet.
 */
export function createFromTemplate(selector: string): HTMLElement {
  const { content } = requireElement(selector, HTMLTemplateElement)
  const element = document.importNode(content, true).firstElementChild
  if (!(element instanceof HTMLElement)) throw new ElementError(selector, 'an element in it')
  return element
}
