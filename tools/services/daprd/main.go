// A Dapr sidecar with the components that the tests need, pubsub.kafka and pubsub.in-memory.
//
// Dapr's own command links every component it knows, some hundred and fifty clouds, or panics. This one takes the
// exported runtime and registers two.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	inmemory "github.com/dapr/components-contrib/pubsub/in-memory"
	"github.com/dapr/components-contrib/pubsub/kafka"

	"github.com/dapr/dapr/cmd/daprd/options"
	"github.com/dapr/dapr/pkg/buildinfo"
	"github.com/dapr/dapr/pkg/components/bindings"
	"github.com/dapr/dapr/pkg/components/configuration"
	"github.com/dapr/dapr/pkg/components/conversation"
	"github.com/dapr/dapr/pkg/components/crypto"
	"github.com/dapr/dapr/pkg/components/lock"
	middleware "github.com/dapr/dapr/pkg/components/middleware/http"
	"github.com/dapr/dapr/pkg/components/nameresolution"
	"github.com/dapr/dapr/pkg/components/pubsub"
	"github.com/dapr/dapr/pkg/components/secretstores"
	"github.com/dapr/dapr/pkg/components/state"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/metrics"
	"github.com/dapr/dapr/pkg/modes"
	"github.com/dapr/dapr/pkg/runtime"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/dapr/pkg/security"
	"github.com/dapr/kit/concurrency"
	"github.com/dapr/kit/logger"
	"github.com/dapr/kit/signals"
)

func main() {
	o, err := options.New(os.Args[1:])
	if err != nil {
		log.Fatal(err)
	}
	if o.RuntimeVersion || o.BuildInfo {
		fmt.Println(buildinfo.Version())
		return
	}
	o.Logger.SetAppID(o.AppID)
	if err := logger.ApplyOptionsToLoggers(&o.Logger); err != nil {
		log.Fatal(err)
	}
	contrib := logger.NewLogger("dapr.contrib")
	pubsub.DefaultRegistry.Logger = contrib
	pubsub.DefaultRegistry.RegisterComponent(kafka.NewKafka, "kafka")
	pubsub.DefaultRegistry.RegisterComponent(inmemory.New, "in-memory")

	// Empty ones too: the runtime asks each of them.
	reg := registry.NewOptions().
		WithPubSubs(pubsub.DefaultRegistry).
		WithSecretStores(secretstores.DefaultRegistry).
		WithStateStores(state.DefaultRegistry).
		WithConfigurations(configuration.DefaultRegistry).
		WithLocks(lock.DefaultRegistry).
		WithNameResolutions(nameresolution.DefaultRegistry).
		WithBindings(bindings.DefaultRegistry).
		WithCryptoProviders(crypto.DefaultRegistry).
		WithHTTPMiddlewares(middleware.DefaultRegistry).
		WithConversations(conversation.DefaultRegistry)

	ctx := signals.Context()
	hz := healthz.New()
	sec, err := security.New(ctx, security.Options{
		SentryAddress:           o.SentryAddress,
		ControlPlaneTrustDomain: o.ControlPlaneTrustDomain,
		ControlPlaneNamespace:   o.ControlPlaneNamespace,
		TrustAnchors:            o.TrustAnchors,
		AppID:                   o.AppID,
		MTLSEnabled:             o.EnableMTLS,
		Mode:                    modes.DaprMode(o.Mode),
		Healthz:                 hz,
		JwtAudiences:            o.SentryRequestJwtAudiences,
	})
	if err != nil {
		log.Fatal(err)
	}

	run := func(ctx context.Context) error {
		handler, err := sec.Handler(ctx)
		if err != nil {
			return err
		}
		rt, err := runtime.FromConfig(ctx, &runtime.Config{
			AppID:                         o.AppID,
			ActorsService:                 o.ActorsService,
			RemindersService:              o.RemindersService,
			SchedulerAddress:              o.SchedulerAddress,
			SchedulerStreams:              o.SchedulerJobStreams,
			AllowedOrigins:                o.AllowedOrigins,
			ResourcesPath:                 o.ResourcesPath,
			ComponentsPath:                o.ComponentsPath,
			ControlPlaneAddress:           o.ControlPlaneAddress,
			SentryAddress:                 o.SentryAddress,
			Mode:                          o.Mode,
			Config:                        o.Config,
			AppProtocol:                   o.AppProtocol,
			ApplicationPort:               o.AppPort,
			AppChannelAddress:             o.AppChannelAddress,
			AppMaxConcurrency:             o.AppMaxConcurrency,
			AppSSL:                        o.AppSSL,
			DaprHTTPPort:                  o.DaprHTTPPort,
			DaprAPIGRPCPort:               o.DaprAPIGRPCPort,
			DaprAPIListenAddresses:        o.DaprAPIListenAddresses,
			DaprInternalGRPCPort:          o.DaprInternalGRPCPort,
			DaprInternalGRPCListenAddress: o.DaprInternalGRPCListenAddress,
			DaprPublicPort:                o.DaprPublicPort,
			DaprPublicListenAddress:       o.DaprPublicListenAddress,
			DaprGracefulShutdownSeconds:   o.DaprGracefulShutdownSeconds,
			DaprBlockShutdownDuration:     o.DaprBlockShutdownDuration,
			ProfilePort:                   o.ProfilePort,
			EnableProfiling:               o.EnableProfiling,
			EnableMTLS:                    o.EnableMTLS,
			EnableAPILogging:              o.EnableAPILogging,
			MaxRequestSize:                o.MaxRequestSize,
			ReadBufferSize:                o.ReadBufferSize,
			UnixDomainSocket:              o.UnixDomainSocket,
			DisableBuiltinK8sSecretStore:  o.DisableBuiltinK8sSecretStore,
			EnableAppHealthCheck:          o.EnableAppHealthCheck,
			AppHealthCheckPath:            o.AppHealthCheckPath,
			AppHealthProbeInterval:        o.AppHealthProbeInterval,
			AppHealthProbeTimeout:         o.AppHealthProbeTimeout,
			AppHealthThreshold:            o.AppHealthThreshold,
			Metrics: metrics.Options{
				Enabled:       o.Metrics.Enabled(),
				Log:           contrib,
				Port:          o.Metrics.Port(),
				Namespace:     metrics.DefaultMetricNamespace,
				Healthz:       hz,
				ListenAddress: o.Metrics.ListenAddress(),
			},
			Registry: reg,
			Security: handler,
			Healthz:  hz,
		})
		if err != nil {
			return err
		}
		return rt.Run(ctx)
	}
	if err := concurrency.NewRunnerManager(sec.Run, run).Run(ctx); err != nil {
		log.Fatal(err)
	}
}
