/** Where the site is: pages of every language show the same pictures. */

declare global {
  interface ImportMeta {
    /** Vite puts it in the place of itself. */
    readonly env: { readonly BASE_URL: string }
  }
}

/** `/`, or the path that it was built for, with a slash at the end */
export const sitePath = import.meta.env.BASE_URL
