/**
 * The seam to the other tabs of the same page (or whatever else shares one reader): hearing each other, and having one
 * of them, at most, be the reader. In a browser: a BroadcastChannel and a Web Lock.
 */
export interface TabGroup {
  /** `hear` is handed what the others say from now on, each tab's messages in the order in which it said them. */
  join(hear: (message: unknown) => void): TabMember;
}

export interface TabMember {
  /** Says something that can be cloned to all the others; not to oneself. */
  say(message: unknown): void;
  /**
   * Stands for reader, in turn after those who stood before; `takeOver` ousts who is it now and goes before all who
   * wait. Nothing is called before this has returned. A reader that is gone (closed, crashed) is one no more. The answer
   * resigns, or stands down; nothing is called after it.
   */
  stand(candidate: Candidate, takeOver: boolean): () => void;
  leave(): void;
}

export interface Candidate {
  readonly elected: () => void;
  /** Another has taken over. */
  readonly ousted: () => void;
}
