/** Where the files are that pdf.js fetches when a document needs them; ends with a slash. */
declare module 'virtual:pdf-files' {
  const base: string;
  export default base;
}
