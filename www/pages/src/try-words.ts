// What "Prova motorn" says, in both languages. What was tried has its English name from the simulation itself.

export type Language = 'sv' | 'en';

export interface Words {
  title: string;
  lead: string;
  start: string;
  stop: string;
  tellOne: string;
  seed: string;
  seeds: string;
  perSecond: string;
  wrong: string;
  people: string;
  faults: string;
  engine: string;
  storyOf: (seed: number) => string;
  nothingWrong: string;
  broken: string;
}

const SWEDISH: Words = {
  title: 'Prova motorn',
  lead:
    'Hela synkroniseringsmotorn i en låtsasvärld, i din egen webbläsare. Varje frö är en berättelse: människor som ändrar, flyttar, ' +
    'kopierar och tar bort, nät som bryts, servrar som ljuger och datorer som stannar mitt i. Efteråt får ingenting vara borta och ingenting dubbelt. ' +
    'Samma frö är samma berättelse överallt.',
  start: 'Börja',
  stop: 'Stanna',
  tellOne: 'Berätta ett frö',
  seed: 'Frö',
  seeds: 'Frön spelade',
  perSecond: 'Per sekund',
  wrong: 'Gick fel',
  people: 'Vad människor gjorde',
  faults: 'Vad som gick sönder',
  engine: 'Vad motorn gjorde',
  storyOf: (seed) => `Berättelsen om frö ${seed}`,
  nothingWrong: 'Ingenting borta, ingenting dubbelt.',
  broken: 'Simuleringen kunde inte laddas. Ladda om sidan om en stund.',
};

const ENGLISH: Words = {
  title: 'Try the engine',
  lead:
    'The whole synchronisation engine in a made-up world, in your own browser. Every seed is a story: people who edit, move, copy and delete, ' +
    'networks that break, servers that lie and computers that stop in the middle. Afterwards nothing may be lost and nothing doubled. ' +
    'The same seed is the same story everywhere.',
  start: 'Start',
  stop: 'Stop',
  tellOne: 'Tell one seed',
  seed: 'Seed',
  seeds: 'Seeds played',
  perSecond: 'Per second',
  wrong: 'Went wrong',
  people: 'What people did',
  faults: 'What broke',
  engine: 'What the engine did',
  storyOf: (seed) => `The story of seed ${seed}`,
  nothingWrong: 'Nothing lost, nothing doubled.',
  broken: 'The simulation could not be loaded. Reload the page in a while.',
};

/** The simulation's names, in Swedish. */
const NAMES: Record<string, string> = {
  'add event': 'lade till en händelse',
  'add own meeting': 'kallade till möte',
  'add private event': 'lade till en privat händelse',
  'add series': 'lade till en serie',
  'be invited': 'blev kallad till möte',
  cancel: 'avbröt synkroniseringen',
  'copy with our marker': 'kopierade, märkning och allt',
  delete: 'tog bort',
  'delete nearly all': 'tog bort nästan allt',
  edit: 'ändrade',
  'move out and back': 'flyttade ut ur kalendern och tillbaka',
  'occurrence brought back': 'återställde ett tillfälle',
  'occurrence cancelled': 'ställde in ett tillfälle',
  'occurrence renamed': 'döpte om ett tillfälle',
  'change never told': 'ändring som aldrig berättades',
  crash: 'datorn stannade',
  'dead token': 'dött läge i listan',
  'deletion never told': 'borttagning som aldrig berättades',
  denied: 'nekad',
  'duplicate delivery': 'levererat två gånger',
  'false tombstone': 'falsk borttagning',
  'interrupted write': 'avbruten skrivning',
  'lost answer': 'förlorat svar',
  'lost request': 'förlorad fråga',
  'refused in part': 'delvis nekad',
  'short page': 'kort sida',
  'stale listing': 'gammal lista',
  'state lost': 'tillståndet borta',
  'state not written': 'tillståndet inte skrivet',
  'state written, answer lost': 'tillståndet skrivet, svaret förlorat',
  throttled: 'ombedd att vänta',
  'tokens forgotten': 'alla lägen glömda',
  'truncated answer': 'avklippt svar',
  'version moved by the server': 'ny version av servern själv',
  'version moved, nothing changed': 'ny version, samma innehåll',
  'wrong clock': 'fel klocka',
  runs: 'körningar',
  'runs beside another': 'körningar samtidigt',
  'runs cancelled': 'avbrutna av människor',
  'runs done': 'kom i mål',
  'runs failed': 'bröts av fel',
  'runs held': 'väntade på ett ja',
};

export function words(language: Language): Words {
  return language === 'en' ? ENGLISH : SWEDISH;
}

export function nameOf(name: string, language: Language): string {
  return language === 'en' ? name : (NAMES[name] ?? name);
}
