// Starts the statistics services that the owner has chosen. Their identifiers stand in the attributes of
// this script's tag; the content policy of the page allows their hosts (pages/services.py).
(() => {
  const chosen = document.currentScript.dataset;
  const refuses = navigator.globalPrivacyControl || navigator.doNotTrack === "1" || window.doNotTrack === "1";
  if (chosen.respects && refuses) return;

  const load = (address, data = {}) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = true;
    Object.assign(script.dataset, data);
    document.head.append(script);
    return script;
  };

  if (chosen.ga) {
    window.dataLayer = window.dataLayer || [];
    window.gtag = function () { window.dataLayer.push(arguments); };
    window.gtag("js", new Date());
    window.gtag("config", chosen.ga, { allow_google_signals: false, allow_ad_personalization_signals: false });
    load(`https://www.googletagmanager.com/gtag/js?id=${chosen.ga}`);
  }
  if (chosen.naver) {
    window.wcs_add = { wa: chosen.naver };
    load("https://wcs.naver.net/wcslog.js").addEventListener("load", () => {
      if (window.wcs && window.wcs_do) window.wcs_do();
    });
  }
  if (chosen.plausible) {
    load(`${chosen.plausibleHost}/js/script.js`, { domain: chosen.plausible });
  }
  if (chosen.umami) {
    load(`${chosen.umamiHost}/script.js`, { websiteId: chosen.umami });
  }
})();
