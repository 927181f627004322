// Command compose reads a Compose file as Docker Compose does, with every profile, and fails with
// what is wrong: unknown keys, services and networks that nobody defines, durations and ports that
// are none.
//
//	compose FILE ENV_FILE
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: compose FILE ENV_FILE")
		os.Exit(2)
	}
	services, err := services(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%s: %d services\n", os.Args[1], services)
}

func services(file, envFile string) (int, error) {
	options, err := cli.NewProjectOptions([]string{file},
		// The example has no password, since everyone has to choose one.
		cli.WithEnv([]string{"GRAFANA_ADMIN_PASSWORD=chosen"}),
		cli.WithEnvFiles(envFile),
		cli.WithDotEnv,
		cli.WithProfiles([]string{"*"}),
		cli.WithConsistency(true),
	)
	if err != nil {
		return 0, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return 0, err
	}
	return len(project.Services), nil
}
