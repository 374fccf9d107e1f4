// A person with a browser: a few lines that keep cookies, and press the buttons of the provider's pages.

const unescape = (text) => text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
const attribute = (tag, name) => { const found = tag.match(new RegExp(`\\b${name}="([^"]*)"`)); return found && unescape(found[1]) }

// What a browser would send if the person pressed this button.
function filled(page, button, values) {
  const fields = new URLSearchParams()
  for (const tag of page.match(/<input\b[^>]*>/g) ?? []) {
    const name = attribute(tag, 'name')
    if (!name || name in values) continue
    if (attribute(tag, 'type') === 'checkbox' && !/\bchecked\b/.test(tag)) continue
    fields.append(name, attribute(tag, 'value') ?? '')
  }
  for (const [name, value] of Object.entries(values)) fields.append(name, value)
  const pressed = (page.match(/<button\b[^>]*>/g) ?? []).find((tag) => attribute(tag, 'id') === button)
  if (!pressed) throw new Error(`there is no button ${button} on this page:\n${page}`)
  fields.append(attribute(pressed, 'name'), attribute(pressed, 'value'))
  return fields
}

// Goes on from a URL until `is_there(url, page)`; `page` is undefined for a redirect. `buttons` says, by what is on a
// page, which button is pressed there, after these values were typed.
export async function person(start, is_there, buttons) {
  const cookies = new Map()
  let url = start, init = {}
  for (let step = 0; step < 10; step++) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=')
      cookies.set(name, value)
    }
    if (response.status >= 300 && response.status < 400) {
      url = new URL(response.headers.get('location'), url)
      init = {}
      if (is_there(url)) return url
      continue
    }
    const page = await response.text()
    if (is_there(url, page)) return url
    const form = page.match(/<form\b[^>]*>/)
    const [button, values] = buttons.find(([id]) => page.includes(`id="${id}"`)) ?? []
    if (response.status !== 200 || !form || !button) throw new Error(`unexpected page, status ${response.status}:\n${page}`)
    url = new URL(attribute(form[0], 'action'), url)
    init = { method: 'POST', body: filled(page, button, values) }
  }
  throw new Error('this goes round in circles')
}
