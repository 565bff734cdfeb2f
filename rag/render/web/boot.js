// Before anything is drawn: the reader's language and theme.
(() => {
  const english = location.pathname.startsWith("/en");
  const article = location.pathname.startsWith("/article/");
  const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const asked = new URLSearchParams(location.search).get("lang");
  const known = (lang) => (lang === "fr" || lang === "en" ? lang : null);
  const wanted = known(asked) || known(stored("h200.lang")) || (/^fr/i.test(navigator.language || "") ? "fr" : "en");
  if (!article && wanted !== (english ? "en" : "fr")) {
    location.replace((wanted === "en" ? "/en/" : "/") + location.search + location.hash);
    return;
  }
  // Gradio's own few words follow the browser; here they follow the page.
  if (!article) Object.defineProperty(navigator, "language", { get: () => wanted, configurable: true });
  const dark = stored("h200.theme") ? stored("h200.theme") === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
