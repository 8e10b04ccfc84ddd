/** The few hundred that are used in care, by what they are about; found by words in both languages. */
export const groups = {
  faces:
    '😀 😃 😄 😁 😆 😅 😂 🙂 🙃 😉 😊 😇 🥰 😍 😘 😋 😜 🤗 🤭 🤔 🤐 😐 😶 😏 😒 🙄 😬 😌 😔 😪 😴 😷 🤒 🤕 🥵 🥶 😵 🤯 😎 🤓 🧐 😕 😟 🙁 😮 😲 😳 🥺 😢 😭 😱 😣 😞 😓 😩 😤 😡 😠 👻 🤖',
  hands: '👍 👎 👌 ✌️ 🤞 🤝 👏 🙌 🙏 💪 👋 🤙 ☝️ 👆 👇 👈 👉 ✋ 🫶 ✍️',
  hearts: '❤️ 🧡 💛 💚 💙 💜 🖤 🤍 💔 💕 💖 💯 ✨ ⭐ 🌟 🔥 🎉 🎊 🎁 🎈 🌹 🌸 🌷 🌻 🍀 ☕ 🍵 🍰 🧧 🏮',
  things:
    '📱 📲 ☎️ 📞 💻 🖥️ ⌨️ 🖱️ 🔋 🔌 📷 📸 🎥 🎧 🔊 🔇 📦 🚚 🏬 🏪 🔧 🔩 🛠️ 🔒 🔑 🔔 📄 📝 📎 📌 📅 ⏰ ⏳ 💳 💰 🧾 ✉️ 📧 📮 🔍 💡 🌐 📶 🛜',
  signs: '✅ ☑️ ❌ ❗ ❓ ⚠️ 🚫 ⛔ ♻️ 🔄 ➡️ ⬅️ ⬆️ ⬇️ 🆗 🆕 🆓 🈶 🈚 ㊗️ 🔴 🟠 🟡 🟢 🔵 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣',
} as const

export type Group = keyof typeof groups
export const groupNames = Object.keys(groups) as Group[]
export const emojisOf = (group: Group): readonly string[] => groups[group].split(' ')

const place = 'huixin.emoji'
const most = 16

/** Those used last in this browser, the newest first. */
export function lastUsed(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(place) ?? '[]')
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string').slice(0, most) : []
  } catch {
    return []
  }
}

export function noteUsed(emoji: string): void {
  localStorage.setItem(place, JSON.stringify([emoji, ...lastUsed().filter((one) => one !== emoji)].slice(0, most)))
}
