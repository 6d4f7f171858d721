# The version that is tested with this release; raise it together with the tests.
FROM node:24.11.1-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY tools/bank ./tools/bank
COPY drizzle ./drizzle
COPY src ./src
COPY questions ./questions
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:24.11.1-slim
# Outsiders reach only published ports. npm, for `npm run doctor` and others, writes no log.
ENV NODE_ENV=production NLPQ_DATA_DIR=/data NLPQ_HEALTH_PORT=9090 NLPQ_HEALTH_HOST=0.0.0.0 NLPQ_HTTP_HOST=0.0.0.0
ENV NPM_CONFIG_LOGS_MAX=0 NPM_CONFIG_UPDATE_NOTIFIER=false
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
# `npm run` asks this script whether to compile; without sources it does not.
COPY scripts/build.mjs ./scripts/
COPY migrations ./migrations
COPY questions ./questions
# nlpq writes only to /data: backups, and the embedded database. The rest can be read-only.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
	CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.NLPQ_HEALTH_PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
