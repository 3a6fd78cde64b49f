// Draws the diary's picture: a row for each person (team), one person's week by the hour. The page's
// own table says the same and is what is read aloud; without this file nothing is missing but the picture.
//
//   <div data-diary data-feed-url="/diary/feed.json?start=2026-11-24&end=2026-11-25" data-view="team|week"
//        data-date="2026-11-24" data-today="2026-11-24" data-from="08:00" data-until="18:00"
//        data-label="Team day, Tuesday 24 November" data-who="3" data-before-url="…" data-after-url="…"
//        data-book-url="/families/book" data-move-url="/appointments/{id}/move"></div>
//
// The feed answers {"rows": [{"id": "3", "words": "Kerensa Tregenza"}], "events": [{"id": 12, "rows": ["3"],
// "start": "2026-11-24T09:15", "end": "2026-11-24T10:15" (London wall time, no zone), "kind": "shared_review",
// "letter": "R", "words": "Lorna Pengelly F1008", "brief": "F1008", "said": "Shared review, Kerensa Tregenza, not checked out",
// "href": "/appointments/12", "provisional": false, "urgent": true, "movable": true}], "shades": […]}; kinds are
// the appointment kinds and "busy"; only `kind`, `start`, `end` and `rows` are needed. Shades lie behind: "drive"
// and "off". The day is made as long as its events and drives, but for those `aside`. All words are text.
// A click on free time opens data-book-url?start=2026-11-24T09:15&who=3. A drag moves nothing: it opens
// data-move-url?to=2026-11-24T09:15&who=4&was=3 (a check page) and the box goes back to where it was.
/* global EventCalendar */
const VIEWS = { team: 'resourceTimelineDay', week: 'timeGridWeek' }
const KINDS = ['video_session', 'shared_review', 'goals_visit', 'conversation', 'follow_up', 'busy']
const SHADES = ['drive', 'off']
const NAMES = 154 // the column of names and the frame, in pixels, as site.scss has it
const place = document.querySelector('[data-diary]')

async function draw(settings) {
  const reply = await fetch(settings.feedUrl, { headers: { Accept: 'application/json' }, cache: 'no-store' })
  if (!reply.ok || reply.redirected) return
  const { rows = [], events = [], shades = [] } = await reply.json()
  let letGo = false
  const long = [...events, ...shades.filter(({ kind }) => kind === 'drive')].filter(({ aside }) => !aside)
  const [first, last] = hours(long, settings)
  const calendar = EventCalendar.create(place, {
    view: VIEWS[settings.view] ?? VIEWS.team,
    date: settings.date,
    firstDay: 1,
    locale: 'en-GB',
    allDaySlot: false,
    dayHeaderFormat: { weekday: 'short', day: 'numeric', month: 'short' },
    headerToolbar: { start: '', center: '', end: '' },
    customScrollbars: false,
    height: 'auto',
    slotHeight: 28,
    hiddenDays: settings.weekends === 'yes' ? [] : [0, 6],
    slotMinTime: `${first}:00`,
    slotMaxTime: `${last}:00`,
    slotDuration: '00:30',
    slotLabelInterval: '01:00',
    slotLabelFormat: { hour: '2-digit', minute: '2-digit', hour12: false },
    slotWidth: Math.max(40, Math.floor((place.clientWidth - NAMES) / (2 * (last - first)))),
    snapDuration: '00:15',
    slotEventOverlap: false,
    nowIndicator: settings.today === wallTime(new Date()).slice(0, 10),
    pointer: Boolean(settings.bookUrl),
    editable: false,
    eventDurationEditable: false,
    resources: rows.map(({ id, words }) => ({ id, title: String(words) })),
    events: [...events, ...shades].map((event) => eventFor(event, settings)),
    eventContent: ({ event }) => ({ domNodes: [picture(event, settings.view)] }),
    viewDidMount: makePlain,
    eventAllUpdated: makePlain,
    dateClick: ({ date, allDay, resource }) => {
      if (settings.bookUrl && !allDay) open(settings.bookUrl, { start: wallTime(date), who: person(resource) ?? settings.who })
    },
    eventDragStart: () => { letGo = false },
    eventDrop: ({ event, oldResource, newResource, revert }) => {
      const to = wallTime(event.start)
      revert()
      if (letGo || (newResource && !person(newResource))) return
      open(settings.moveUrl.replace('{id}', encodeURIComponent(event.id)),
        { to, who: person(newResource), was: person(oldResource), from: location.pathname + location.search })
    },
  })
  place.addEventListener('keydown', (press) => step(press, settings))
  addEventListener('keydown', ({ key }) => { if (key === 'Escape') letGo = true }) // of a drag: it goes nowhere
  addEventListener('pagehide', () => EventCalendar.destroy(calendar))
}

// Whole hours that hold the usual day and everything in it.
function hours(events, { from = '08:00', until = '18:00' }) {
  const hour = (time) => Number(time.slice(0, 2))
  const starts = events.map(({ start }) => hour(start.slice(11)))
  const ends = events.map(({ end }) => hour(end.slice(11)) + (end.slice(14, 16) === '00' ? 0 : 1))
  return [Math.min(hour(from), ...starts), Math.max(hour(until), ...ends)]
}

function eventFor(event, settings) {
  return {
    id: event.id ?? '',
    start: event.start,
    end: event.end,
    resourceIds: event.rows ?? [],
    display: SHADES.includes(event.kind) ? 'background' : 'auto',
    startEditable: Boolean(event.movable && settings.moveUrl),
    classNames: SHADES.includes(event.kind) ? [`app-diary__shade-${event.kind}`] : ['app-diary__box'],
    extendedProps: event,
  }
}

// One box: a real link where there is a page to open, coloured by class, its words as text.
function picture({ start, end, extendedProps: { kind, letter, words = '', brief, said, href, provisional, urgent } }, view) {
  const box = document.createElement(href ? 'a' : 'div')
  if (href) box.href = href
  box.draggable = false
  box.className = 'app-diary__event'
  if (KINDS.includes(kind)) box.classList.add(`app-diary__${kind}`)
  if (provisional) box.classList.add('app-diary__provisional')
  if (urgent) box.classList.add('app-diary__urgent')
  if (SHADES.includes(kind)) return box
  const lead = document.createElement('b')
  // A box of half an hour is too narrow for its time, which stands above it, and for a name.
  const narrow = view === 'team' && end - start < 40 * 60000
  if (narrow) box.classList.add('app-diary__narrow')
  const time = narrow ? '' : wallTime(start).slice(11)
  lead.textContent = [urgent && '!', letter, time].filter(Boolean).join(' ')
  box.append(lead, ` ${(narrow && brief) || words}`)
  const more = document.createElement('span')
  more.className = 'govuk-visually-hidden'
  more.textContent = [narrow && brief && words, said].filter(Boolean).map((part) => `, ${part}`).join('')
  box.append(more)
  return box
}

// The widget's table roles are incomplete and mislead (WCAG 1.3.1): it is a picture with links in it.
function makePlain() {
  for (const part of place.querySelectorAll('[role], [aria-colindex], [aria-colspan], [aria-rowindex]')) {
    for (const name of ['role', 'aria-colindex', 'aria-colspan', 'aria-rowindex', 'aria-label']) part.removeAttribute(name)
  }
  for (const part of place.querySelectorAll('.ec-col-head, .ec-header, .ec-sidebar, .ec-now-indicator')) part.setAttribute('aria-hidden', 'true')
  place.setAttribute('role', 'group')
  place.setAttribute('aria-label', place.dataset.label || 'Diary')
}

// The number of the person whose row this is; a room's or a place's row is nobody's.
function person(row) {
  return row && /^\d+$/.test(row.id) ? row.id : undefined
}

// While a box has the focus, and only then: arrows go to the nearest one that way, Page Up and Page Down to the
// time before and after. Letters and numbers do nothing, and no key is taken from any other part of the page.
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
function step(press, settings) {
  const here = press.target.closest('a.app-diary__event')
  if (!here || press.altKey || press.ctrlKey || press.metaKey || press.shiftKey) return
  const page = { PageUp: settings.beforeUrl, PageDown: settings.afterUrl }[press.key]
  const next = WAYS[press.key] && nearest(here, WAYS[press.key])
  if (!page && !WAYS[press.key]) return
  press.preventDefault()
  if (page) location.assign(page)
  else next?.focus()
}

// The box whose middle lies that way and is nearest; sideways counts double.
function nearest(here, [right, down]) {
  const middle = (box) => {
    const { left, top, width, height } = box.getBoundingClientRect()
    return [left + width / 2, top + height / 2]
  }
  const [x, y] = middle(here)
  let found, least = Infinity
  for (const box of place.querySelectorAll('a.app-diary__event')) {
    const [dx, dy] = [middle(box)[0] - x, middle(box)[1] - y]
    const along = dx * right + dy * down
    const far = along + 2 * Math.abs(right ? dy : dx)
    if (box !== here && along > 1 && far < least) [found, least] = [box, far]
  }
  return found
}

function open(address, given) {
  const target = new URL(address, location.href)
  for (const [name, value] of Object.entries(given)) if (value) target.searchParams.set(name, value)
  location.assign(target)
}

function wallTime(date) {
  const two = (number) => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

// On a phone the list is the diary; the picture is neither fetched nor drawn.
if (place && matchMedia('(min-width: 641px)').matches) draw(place.dataset)
