/** The scripts that stand in the pages themselves. The policy lets these in by their hashes, and no others. */

/** Where web storage keeps the choice; without one, the device decides. */
export const themeKey = 'wildrydes.theme'

/**
 * In the head of every page, before its styles: it takes on the colours chosen on this device, which else
 * would first be seen as the device's own. Storage can be blocked, and what is in it can be anything: a
 * theme's name counts, and nothing else.
 */
export const beforePaintScript =
  'try{let t=localStorage["wildrydes.theme"];if(t=="light"||t=="dark")document.documentElement.dataset.theme=t}catch{}'

export const beforePaintHash = 'sha256-jP0S1s4a7uiyfmSxhJxDl+9y8tzD/mvuU/zinRBMl/w='

/**
 * Behind the forms of a page before signing in: they can be sent from the first paint on. A press is held, and
 * its button says so, until the page's own script takes the form over; when that cannot come, the page says so
 * and its buttons are out of use again.
 */
export const holdPressesScript =
  'for(let f of document.forms){let b=f.querySelector("[type=submit]");b.disabled=!1;f.addEventListener("submit",e=>{if(!e.defaultPrevented){e.preventDefault();b.ariaDisabled="true"}});addEventListener("error",({target:{type}})=>{if(type=="module"){b.disabled=!0;document.querySelector("#script-error").hidden=!1}},!0)}'

export const holdPressesHash = 'sha256-4NRz1PzTWvMHyRGNC0PGm4xSqA0crXOHgJzS/24IZ70='

/**
 * In the sign-in page: browsers that know speculation rules make the page ahead that a link of this class
 * leads to.
 *
 * @see https://developer.mozilla.org/docs/Web/API/Speculation_Rules_API
 */
export const speculationRules =
  '{"prerender":[{"where":{"selector_matches":".next-page"},"eagerness":"immediate"}]}'

export const speculationRulesHash = 'sha256-FVC6aOyd3vwz1co2bUaHzZgBLeES29GRANzU6laPp3I='
