FROM node:20-bookworm-slim AS build
WORKDIR /app
RUN npm install --global pnpm@10
COPY . .
RUN pnpm install --frozen-lockfile && pnpm build

FROM node:20-bookworm-slim
WORKDIR /app
RUN npm install --global pnpm@10 && chown node:node /app
COPY --from=build --chown=node:node /app ./
USER node
ENV NODE_ENV=production
EXPOSE 3000
CMD ["node", "--import", "tsx", "apps/api/src/main.ts"]
