/** The frame's own storage; in memory alone where a browser keeps none for frames. */
const memory = new Map<string, string>()
const prefix = `huixin:${location.pathname.split('/')[2] ?? ''}:`

export function read<T>(name: string): T | null {
  try {
    const text = localStorage.getItem(prefix + name) ?? memory.get(name)
    return text === undefined ? null : (JSON.parse(text) as T)
  } catch {
    const text = memory.get(name)
    return text === undefined ? null : (JSON.parse(text) as T)
  }
}

/** Null: forget it. */
export function write(name: string, value: unknown): void {
  const text = JSON.stringify(value)
  if (value === null) memory.delete(name)
  else memory.set(name, text)
  try {
    if (value === null) localStorage.removeItem(prefix + name)
    else localStorage.setItem(prefix + name, text)
  } catch {
    // Full or forbidden: memory has it.
  }
}
