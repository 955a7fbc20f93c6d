import { unbroken } from '../platform/pages/parts.tsx'

/** The arithmetic of a bill as a page shows it: a line for each step, those of one bill line together. */
export function Arithmetic({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul class="arithmetic">
      {lines.map((line) => (
        <li class={/^[├└]/.test(line) ? undefined : 'head'}>{unbroken(line.replace(/^[┌├└]\s*/, ''))}</li>
      ))}
    </ul>
  )
}
