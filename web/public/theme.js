// Before the first paint, so that a chosen theme does not flash in the other one.
try {
  const { theme, language } = JSON.parse(localStorage.getItem('huixin.preferences') ?? '{}')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  if (typeof language === 'string') document.documentElement.lang = language
} catch {
  // Unreadable storage: the system's theme stands.
}
