# The portal: speaks to the node over the wire only.
FROM ubuntu:26.04 AS build
RUN apt-get update && apt-get install -y --no-install-recommends dotnet-sdk-10.0 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish Basilisk.Web/Basilisk.Web.csproj -c Release -o /app

FROM ubuntu:26.04
RUN apt-get update && apt-get install -y --no-install-recommends aspnetcore-runtime-10.0 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app .
RUN useradd --system --no-create-home basilisk
USER basilisk
EXPOSE 5080
ENTRYPOINT ["dotnet", "basilisk-portal.dll", "--urls", "http://0.0.0.0:5080"]
