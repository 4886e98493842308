import type { RequestHandler } from "express";
import helmet from "helmet";

/** The page's scripts, fonts and requests come from this server alone. */
export const securityHeaders = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        connectSrc: ["'self'", "ws:"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", "data:"],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        // The component library sets style attributes.
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    // Plain HTTP on loopback: a promise of HTTPS would lock people out of other servers on `localhost`.
    strictTransportSecurity: false,
  });
