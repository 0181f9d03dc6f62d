// The chosen theme, set before the page is drawn so that it never flashes. Loaded without `defer`.
try {
  const theme = localStorage.getItem('theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // storage is closed to us: the system's theme it is
}
