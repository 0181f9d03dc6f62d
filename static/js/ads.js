// Starts the ads of AdSense and AdFit that this screen shows (templates/pages/_ads.jinja).
(() => {
  const { respects } = document.currentScript.dataset;
  const refuses = navigator.globalPrivacyControl || navigator.doNotTrack === "1" || window.doNotTrack === "1";
  const shown = [...document.querySelectorAll(".ad-unit > ins")].filter((unit) => unit.parentElement.offsetParent);

  const load = (address, origin) => {
    const script = document.createElement("script");
    script.src = address;
    script.async = true;
    if (origin) script.crossOrigin = origin;
    document.body.append(script);
  };

  const ours = (service) => shown.filter((unit) => unit.dataset.service === service);

  const adsense = ours("adsense");
  if (adsense.length) {
    const queue = window.adsbygoogle = window.adsbygoogle || [];
    if (respects && refuses) queue.requestNonPersonalizedAds = 1;
    for (const unit of adsense) {
      const { width, height, publisher } = unit.dataset;
      unit.className = "adsbygoogle";
      unit.style.cssText = `display:inline-block;width:${width}px;height:${height}px`;
      Object.assign(unit.dataset, { adClient: publisher, adSlot: unit.dataset.unit });
      unit.hidden = false;
      queue.push({});
    }
    const { publisher } = adsense[0].dataset;
    load(`https://pagead2.googlesyndication.com/pagead/js/adsbygoogle.js?client=${publisher}`, "anonymous");
  }

  const adfit = ours("adfit");
  for (const unit of adfit) {
    const { width, height } = unit.dataset;
    unit.className = "kakao_ad_area";
    unit.style.display = "none"; // AdFit shows it
    unit.hidden = false;
    Object.assign(unit.dataset, { adUnit: unit.dataset.unit, adWidth: width, adHeight: height });
  }
  if (adfit.length) load("https://t1.daumcdn.net/kas/static/ba.min.js");
})();
