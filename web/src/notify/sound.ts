/** Two soft notes, made here. At most one sound in three seconds, over all tabs. */

const apartMs = 3_000
const place = 'huixin.sound'
let audio: AudioContext | null = null

/** Browsers let a page sound only after somebody pressed something in it: call this then. */
export function readySound(): void {
  audio ??= new AudioContext()
  if (audio.state === 'suspended') void audio.resume()
}

/** True when it was played; false: too soon after the last one, or the browser does not let us yet. */
export function playSound(now = Date.now()): boolean {
  const last = Number(localStorage.getItem(place) ?? 0)
  if (now - last < apartMs && now >= last) return false
  if (audio?.state !== 'running') return false
  localStorage.setItem(place, String(now))
  note(audio, 660, 0)
  note(audio, 880, 0.12)
  return true
}

function note(context: AudioContext, frequency: number, after: number): void {
  const start = context.currentTime + after
  const tone = context.createOscillator()
  const volume = context.createGain()
  tone.frequency.value = frequency
  volume.gain.setValueAtTime(0, start)
  volume.gain.linearRampToValueAtTime(0.12, start + 0.02)
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3)
  tone.connect(volume).connect(context.destination)
  tone.start(start)
  tone.stop(start + 0.32)
}
