// What scripts add to pages that work without them: nothing here is needed to do one's work.
const whole = (element, selector) => element.querySelectorAll(selector)

function enliven(root) {
  for (const button of whole(root, 'button.copy')) {
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy)
      const before = button.textContent
      button.textContent = '✓'
      setTimeout(() => {
        button.textContent = before
      }, 1200)
    })
  }
  for (const box of whole(root, '[data-check-all]')) {
    box.hidden = false
    box.addEventListener('change', () => {
      for (const one of whole(box.closest('table'), 'tbody input[type="checkbox"]')) one.checked = box.checked
    })
  }
  // Rows: up and down move, Enter opens; a click anywhere that is no link opens too.
  for (const link of whole(root, 'a.opens')) {
    const row = link.closest('tr')
    row.tabIndex = -1
    row.addEventListener('click', (event) => {
      if (event.target.closest('a, button, input, label, select') || String(getSelection()) !== '') return
      location.assign(link.href)
    })
    row.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target === row) location.assign(link.href)
      const to =
        event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null
      if (to === null) return
      event.preventDefault()
      to.focus()
    })
  }
  for (const body of whole(root, 'tbody')) {
    const first = body.querySelector('tr:has(a.opens)')
    if (first !== null) first.tabIndex = 0
  }
  // A form is sent once, however often its button is pressed.
  for (const form of whole(root, 'form[method="post"]')) {
    form.addEventListener('submit', () => {
      setTimeout(() => {
        for (const button of whole(form, 'button[type="submit"]')) button.disabled = true
      })
    })
  }
  for (const input of whole(root, '[data-capitals]')) {
    const out = document.getElementById(input.dataset.capitals)
    const show = () => {
      out.textContent = inCapitals(input.value.trim())
    }
    input.addEventListener('input', show)
    show()
  }
}

// The echo beside an amount field. The amount on every document is made by the program, not here.
function inCapitals(text) {
  const match = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replaceAll(',', ''))
  if (match === null) return ''
  const digits = '零壹贰叁肆伍陆柒捌玖'
  const whole = match[1].replace(/^0+(?=\d)/, '')
  const [jiao = '0', fen = '0'] = (match[2] ?? '').padEnd(2, '0')
  let said = ''
  let zero = false
  for (let at = 0; at < whole.length; at += 1) {
    const place = whole.length - 1 - at
    const digit = whole[at]
    if (digit === '0') zero = said !== ''
    else {
      said += (zero ? '零' : '') + digits[digit] + ['', '拾', '佰', '仟'][place % 4]
      zero = false
    }
    if (place > 0 && place % 4 === 0) {
      const group = whole.slice(Math.max(0, at - 3), at + 1)
      if (Number(group) > 0) said += ['', '万', '亿'][place / 4]
    }
  }
  const yuan = said === '' ? '' : `${said}元`
  if (jiao === '0' && fen === '0') return yuan === '' ? '零元整' : `${yuan}整`
  const parts =
    (jiao === '0' ? (yuan === '' ? '' : '零') : `${digits[jiao]}角`) + (fen === '0' ? '整' : `${digits[fen]}分`)
  return yuan + parts
}

enliven(document)
document.addEventListener('htmx:afterSwap', (event) => enliven(event.target))
// The menu of a phone begins closed; a window that is made wider has it again.
const narrow = matchMedia('(max-width: 900px)')
const foldMenu = () => document.querySelector('.menu details')?.toggleAttribute('open', !narrow.matches)
foldMenu()
narrow.addEventListener('change', foldMenu)
// A page that came back from the browser's memory may hold buttons that were pressed.
addEventListener('pageshow', () => {
  for (const button of whole(document, 'button[disabled]')) button.disabled = false
})
