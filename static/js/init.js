// Wakes the components of GOV.UK Frontend and MoJ Frontend, on the whole page and again on each part
// that arrives later.
import * as govuk from "../vendor/govuk-frontend.min.js";
import * as moj from "../vendor/moj-frontend.min.js";

export function wake(scope = document) {
  if (!document.body.classList.contains("govuk-frontend-supported")) return;
  const options = { scope, onError: () => {} }; // what is awake already says so, and stays as it is
  govuk.initAll(options);
  moj.initAll(options);
}

wake();
