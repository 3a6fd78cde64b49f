// Renews the lone-working board in place: fetches this very page and puts its [data-board] part in
// the place of ours. Focus, open forms and scrolling stay; only a change of alarms is read aloud.
//
//   <p data-board-controls>Drawn at 10:42. <a href="">Reload</a></p>     stays; gets the buttons
//   <div data-board data-seconds="15" data-alarms="Not checked out: Kerensa Tregenza. Elowen has it."> … </div>
//
// data-alarms says in words which alarms there are and who has them, without minutes: when it
// differs from the last one it is announced, and if sound is on there is a sound.
const EVERY = 1000
let board = document.querySelector('[data-board]')
const controls = document.querySelector('[data-board-controls]')
const seconds = Number(board?.dataset.seconds) || 15

const status = element('span', 'govuk-visually-hidden', '')
status.setAttribute('aria-live', 'polite')
const note = element('span', '', '')
const stop = element('button', 'app-link-button', 'Stop renewing')
const sound = element('button', 'govuk-button govuk-button--secondary', 'Sound is off: turn on')

let timer = null
let audio = null
let answered = Date.now()

function element(name, className, words) {
  const made = document.createElement(name)
  made.className = className
  made.textContent = words
  if (name === 'button') made.type = 'button'
  return made
}

function say(words) {
  note.textContent = words
}

function start() {
  say(`This page renews itself every ${seconds} seconds. `)
  stop.textContent = 'Stop renewing'
  timer = setInterval(renew, seconds * EVERY)
}

function pause() {
  clearInterval(timer)
  timer = null
  say('This page does not renew itself. ')
  stop.textContent = 'Renew again'
}

async function renew() {
  if (isBeingFilledIn()) return
  let fresh
  try {
    const reply = await fetch(location.href, { cache: 'no-store', headers: { 'X-Renewal': 'board' } })
    if (reply.redirected) return location.reload()
    if (!reply.ok) throw new Error(String(reply.status))
    const page = new DOMParser().parseFromString(await reply.text(), 'text/html')
    fresh = page.querySelector('[data-board]')
    if (!fresh) throw new Error('no board')
  } catch {
    return admitSilence()
  }
  if (timer !== null && !isBeingFilledIn()) replace(fresh)
}

// After a minute without an answer the last board may no longer be believed.
function admitSilence() {
  if (Date.now() - answered < 60 * EVERY) return
  board.classList.add('app-board--stale')
  const since = new Date(answered).toTimeString().slice(0, 5)
  say(`No connection since ${since}: this board may be out of date. `)
  announce(`No connection since ${since}.`)
}

function replace(fresh) {
  answered = Date.now()
  say(`This page renews itself every ${seconds} seconds. `)
  const before = board.dataset.alarms ?? ''
  const focused = board.contains(document.activeElement) ? placeOf(document.activeElement) : null
  const opened = [...board.querySelectorAll('details[open][id]')].map((details) => details.id)
  board.replaceWith(fresh)
  board = fresh
  for (const id of opened) document.getElementById(id)?.setAttribute('open', '')
  if (focused) find(focused)?.focus({ preventScroll: true })
  const after = board.dataset.alarms ?? ''
  if (after === before) return
  announce(after || 'No alarm.')
  if (after) beep()
}

function announce(words) {
  if (status.textContent !== words) status.textContent = words
}

function isBeingFilledIn() {
  const now = document.activeElement
  return board.contains(now) && now.matches('input:not([type=hidden]), textarea, select')
}

// The same link or button on the renewed board: by its address or form, and its words.
function placeOf(control) {
  return JSON.stringify([control.tagName, control.id, control.getAttribute('href'), control.form?.getAttribute('action'), control.textContent.trim()])
}

function find(place) {
  return [...board.querySelectorAll('a, button, summary')].find((control) => placeOf(control) === place)
}

function toggleSound() {
  if (audio) {
    audio.close()
    audio = null
  } else {
    audio = new AudioContext()
    beep()
  }
  sound.textContent = audio ? 'Sound is on: turn off' : 'Sound is off: turn on'
}

function beep() {
  if (!audio) return
  for (const after of [0, 0.4, 0.8]) {
    const tone = audio.createOscillator()
    tone.frequency.value = 880
    tone.connect(audio.destination)
    tone.start(audio.currentTime + after)
    tone.stop(audio.currentTime + after + 0.25)
  }
}

if (board && controls) {
  controls.querySelector('a')?.remove()
  controls.append(note, stop, status)
  ;(document.querySelector('[data-board-sound]') ?? controls).append(sound)
  stop.addEventListener('click', () => (timer === null ? start() : pause()))
  sound.addEventListener('click', toggleSound)
  start()
}
