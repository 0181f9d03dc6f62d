// The chosen theme and the density of lists, set before the page is drawn so that nothing flashes or moves.
// Also shows the buttons that need a script (base.css). Loaded without `defer`.
document.documentElement.dataset.scripts = '';
try {
  for (const [name, ...values] of [
    ['theme', 'light', 'dark'],
    ['density', 'comfortable', 'compact'],
  ]) {
    const chosen = localStorage.getItem(name);
    if (values.includes(chosen)) document.documentElement.dataset[name] = chosen;
  }
} catch {
  // storage is closed to us: what the system and the owner have chosen
}
