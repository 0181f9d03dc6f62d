// Opens the section of a form that the address names: its heading, or a field in it.
function openSection() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const section = target && target.closest("details");
  if (section && !section.open) {
    section.open = true;
    target.scrollIntoView();
  }
}

openSection();
addEventListener("hashchange", openSection);
