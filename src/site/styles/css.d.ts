/** Style sheets that a module brings along; Vite loads them with it. */
declare module '*.css'
