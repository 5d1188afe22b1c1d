import type { Page } from "./page.ts";

/** A button that says nothing of what it does. */
const GENERIC = /^(?:|continue|enter|submit|go|next|ok|send|access|open|proceed)\W{0,3}$/i;
/** A button that leads to the next of several forms, in the languages that are used most. */
const LEADS_ON =
  /^\W{0,3}(?:(?:go |save and |save & )?(?:next|continue|proceed|forward)\b|(?:speichern und )?weiter\b|suivant|continuer\b|siguiente|continuar\b|avanti\b|prosegui|continua\b|volgende|verder\b|pr(?:ó|o)xim|seguinte|dalej\b|n(?:æ|ä)sta?e?\b)|(?:→|»|›|>)\s*$|\b(?:next|to) step\b/i;
/** A button that only says that something ends or is agreed to. */
const ENDS =
  /^(?:(?:save|apply|confirm)(?: (?:(?:all|my|your|the|these|this) )?changes?)?|done|yes\b.*|(?:i am|i['’]m) sure)$/i;
/** A button that leads to an earlier form or gives up, in the same languages. */
const LEADS_BACK =
  /^\W{0,3}(?:(?:go )?back|previous|prev|cancel|discard|reset|zur(?:ü|u)ck|abbrechen|verwerfen|retour|pr(?:é|e)c(?:é|e)dent|annuler|atr(?:á|a)s|volver|anterior|cancelar|indietro|annulla|terug|vorige|annuleren|voltar|wstecz|anuluj|tillbaka|avbryt|tilbage|annuller)\b/i;
/** `Step 1 of 3`, `2/4`. */
const STEP =
  /\b(?:step|part|page|schritt|(?:é|e)tape|paso|passo|stap)\s{1,3}(\d{1,2})\s{0,3}(?:of|\/|von|sur|de|di|van)\s{0,3}(\d{1,2})\b/i;

/** Whether the label of a button says nothing of what it does: `Submit`, `OK`. */
export const saysNothing = (label: string): boolean => GENERIC.test(label.trim());

/** Whether the label of a button does not name what it acts on: `Save`, `Next`; what its page is about says it. */
export const isPlainLabel = (label: string): boolean =>
  saysNothing(label) || ENDS.test(label.trim()) || LEADS_ON.test(label.trim());

/** Whether the label of a button says that it does not send its form on: `Back`, `Cancel`. */
export const leadsBack = (label: string): boolean => LEADS_BACK.test(label.trim());

/**
 * Whether a form is one of several in a row and not the last one, by its button and by what its page says of itself. Then
 * nothing is done yet when it was taken.
 */
export function leadsOn(label: string, page: string): boolean {
  const [, step, all] = STEP.exec(page) ?? [];
  if (step !== undefined && all !== undefined) return Number(step) < Number(all);
  return LEADS_ON.test(label.trim());
}

/** Characters of a page in which it says which of several forms it has. */
const STEP_TEXT = 300;

/** What a page says of itself, its form's place among several included. */
export const stepText = ({ title, heading = "", text }: Pick<Page, "title" | "heading" | "text">): string =>
  `${title}\n${heading}\n${text.slice(0, STEP_TEXT)}`;
