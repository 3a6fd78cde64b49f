// On every page: GOV.UK Frontend's own behaviour, the guard of the Back button, the idle clock of
// signed-in pages, the Print button. Nothing works only with it.
import { initAll } from './govuk-frontend.js'

const MINUTE = 60_000

initAll()

// A signed-in page taken out of the browser's memory after signing out would still show a family.
function guardBackButton() {
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    document.documentElement.hidden = true
    location.reload()
  })
}

// An unattended screen blanks: after the idle minutes it leaves for /sign-in?ended, 2 minutes after
// saying so. Work in any tab counts for all; the server, which sees only requests, is told of it.
function watchIdleness(minutes) {
  const warning = announcement()
  let active = Date.now()
  let told = active
  const note = () => {
    active = Date.now()
    try { localStorage.setItem('active', String(active)) } catch { /* this tab's own clock is enough */ }
  }
  const latest = () => {
    try { return Math.max(active, Number(localStorage.getItem('active')) || 0) } catch { return active }
  }
  note()
  for (const kind of ['keydown', 'pointerdown', 'wheel']) addEventListener(kind, note, { passive: true })

  const look = () => {
    const now = Date.now()
    const left = latest() + minutes * MINUTE - now
    if (left <= 0) {
      document.documentElement.hidden = true
      location.replace('/sign-in?ended')
    }
    warning.show(left < 2 * MINUTE, Math.max(1, Math.ceil(left / MINUTE)))
    if (active > told && now - told > Math.min(5, minutes / 3) * MINUTE) {
      told = now
      fetch('/me', { method: 'HEAD', redirect: 'manual', cache: 'no-store' }).catch(() => {})
    }
  }
  setInterval(look, 5_000)
  document.addEventListener('visibilitychange', look)
}

function announcement() {
  const box = document.createElement('div')
  box.className = 'app-idle'
  box.setAttribute('role', 'alert')
  document.body.append(box)
  return {
    show(needed, minutes) {
      const words = needed
        ? `You will be signed out in ${minutes} minute${minutes === 1 ? '' : 's'}. Press any key to stay.`
        : ''
      if (box.textContent !== words) box.textContent = words
    },
  }
}

function offerPrinting() {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => print())
  }
}

const idle = Number(document.body.dataset.idleMinutes)
if (idle > 0) {
  guardBackButton()
  watchIdleness(idle)
}
offerPrinting()
