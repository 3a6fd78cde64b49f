// Compiles site.scss and copies the scripts into build/, each with a hash of its content in its name;
// build/manifest.json maps plain names to hashed ones and is written last, old files go after it.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const packages = join(here, 'node_modules')
const target = join(here, 'build')

// In the order of imports: a script is written after the ones whose names stand in it.
const scripts = {
  'govuk-frontend.js': join(packages, 'govuk-frontend/dist/govuk/govuk-frontend.min.js'),
  'event-calendar.js': join(packages, '@event-calendar/build/dist/event-calendar.min.js'),
  'event-calendar.css': join(packages, '@event-calendar/build/dist/event-calendar.min.css'),
  'axe.js': join(packages, 'axe-core/axe.min.js'),
  'icon.svg': join(here, 'icon.svg'),
  'site.js': join(here, 'site.js'),
  'diary.js': join(here, 'diary.js'),
  'board.js': join(here, 'board.js'),
}

const manifest = {}

async function write(name, text) {
  const body = Object.entries(manifest).reduce(
    (so_far, [plain, hashed]) => so_far.replaceAll(`'./${plain}'`, `'./${hashed}'`),
    text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
  )
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
  manifest[name] = name.replace(/\.(\w+)$/, `.${hash}.$1`)
  await writeFile(join(target, manifest[name]), body)
}

await mkdir(target, { recursive: true })
const styles = compile(join(here, 'site.scss'), {
  loadPaths: [packages], style: 'compressed', quietDeps: true,
})
await write('site.css', styles.css)
for (const [name, path] of Object.entries(scripts)) await write(name, await readFile(path, 'utf8'))

await writeFile(join(target, 'manifest.new'), JSON.stringify(manifest, null, 2) + '\n')
await rename(join(target, 'manifest.new'), join(target, 'manifest.json'))
const kept = new Set(['manifest.json', ...Object.values(manifest)])
for (const name of await readdir(target)) {
  if (!kept.has(name)) await rm(join(target, name), { recursive: true })
}
