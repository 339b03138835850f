// What does the same rule cost in CQL? cql-execution with the FHIR 4.0.1 model, behind node:http.
// Usage: node cql_server.js PORT WORKERS
'use strict';

const cluster = require('node:cluster');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const port = Number(process.argv[2]);
const workers = Number(process.argv[3]);

if (cluster.isPrimary && workers > 1) {
  for (let n = 0; n < workers; n += 1) cluster.fork();
} else {
  serve();
}

function serve() {
  const cql = require('cql-execution');
  const { PatientSource } = require('cql-exec-fhir');
  const elm = fs.readFileSync(path.join(__dirname, 'trivial_rule.elm.json'), 'utf8');
  const executor = new cql.Executor(new cql.Library(JSON.parse(elm)));
  // Building a source reads the whole FHIR model, so it is built once. An execution never waits for
  // the outside, so two requests do not meet in it.
  const source = PatientSource.FHIRv401();
  const card = {
    summary: 'Depression with a raised CRP is on the record.',
    indicator: 'info',
    detail: 'The trivial rule of the benchmark.',
    source: { label: 'benchmark' },
  };

  async function answer(body) {
    const { context, prefetch } = JSON.parse(body);
    const entry = [];
    for (const value of Object.values(prefetch)) {
      if (value.resourceType === 'Bundle') entry.push(...(value.entry ?? []));
      else entry.push({ resource: value });
    }
    source.reset();
    source.loadBundles([{ resourceType: 'Bundle', type: 'collection', entry }]);
    const { patientResults } = await executor.exec(source);
    return JSON.stringify({ cards: patientResults[context.patientId].Card ? [card] : [] });
  }

  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const text = await answer(Buffer.concat(chunks));
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(text);
    });
  });
  server.listen(port, '127.0.0.1');
}
