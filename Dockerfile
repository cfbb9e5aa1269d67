# The hub's image: built once, run as gateway or worker (see docker-compose.yml).
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# A volume that is mounted here for the first time takes over these folders and their owner.
RUN install -d -o node -g node /forestry /forestry/firms /forestry/drop /education /education/upload
USER node
ENTRYPOINT ["node", "--enable-source-maps", "dist/cli/hub.js"]
CMD ["gateway"]
