// Shows the service's own description, to be tried out from the page.
globalThis.SwaggerUIBundle({
  url: 'openapi.json',
  domNode: document.getElementById('docs'),
  validatorUrl: null,
  defaultModelsExpandDepth: -1,
});
