// Command manifests builds folders as Kustomize does and holds every resource against its type: Kubernetes' own
// by strict decoding, the operators' by the schemas of their definitions. A field that does not exist, or exists
// twice, is an error. It prints the resources of all folders as JSON, by folder.
//
//	manifests CRDS_FOLDER FOLDER...
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// The groups of Kubernetes that the manifests use; all of them would take half a minute to compile.
var groups = runtime.NewSchemeBuilder(
	appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme, rbacv1.AddToScheme,
)

// A check of one kind of an operator.
type definition struct {
	structure *structural.Structural
	validator validation.SchemaValidator
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: manifests CRDS_FOLDER FOLDER...")
		os.Exit(2)
	}
	definitions, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	built := map[string][]any{}
	failed := false
	for _, folder := range os.Args[2:] {
		resources, problems := build(folder, definitions)
		built[folder] = resources
		for _, problem := range problems {
			fmt.Fprintf(os.Stderr, "%s: %s\n", folder, problem)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
	json.NewEncoder(os.Stdout).Encode(built)
}

func build(folder string, definitions map[schema.GroupVersionKind]definition) ([]any, []string) {
	all, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, []string{err.Error()}
	}
	scheme := runtime.NewScheme()
	if err := groups.AddToScheme(scheme); err != nil {
		return nil, []string{err.Error()}
	}
	strict := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	var resources []any
	var problems []string
	for _, resource := range all.Resources() {
		text, err := resource.MarshalJSON()
		if err != nil {
			problems = append(problems, err.Error())
			continue
		}
		var content map[string]any
		if err := json.Unmarshal(text, &content); err != nil {
			problems = append(problems, err.Error())
			continue
		}
		resources = append(resources, content)
		gvk := resource.GetGvk()
		kind := schema.GroupVersionKind{Group: gvk.Group, Version: gvk.Version, Kind: gvk.Kind}
		say := func(what any) {
			problems = append(problems, fmt.Sprintf("%s %s: %v", gvk.Kind, resource.GetName(), what))
		}
		if scheme.Recognizes(kind) {
			if _, _, err := strict.Decode(text, nil, nil); err != nil {
				say(err)
			}
		} else if known, ok := definitions[kind]; ok {
			for _, err := range validation.ValidateCustomResource(field.NewPath(""), content, known.validator) {
				say(err)
			}
			options := structural.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
			for _, path := range pruning.PruneWithOptions(content, known.structure, true, options) {
				say("unknown field " + path)
			}
		} else {
			say("no definition says what it may hold")
		}
	}
	return resources, problems
}

// The definitions of a folder, compressed as they are committed.
func read(folder string) (map[schema.GroupVersionKind]definition, error) {
	found := map[schema.GroupVersionKind]definition{}
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml.gz"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("no definitions in %s: %v", folder, err)
	}
	for _, file := range files {
		if err := add(found, file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return found, nil
}

func add(found map[schema.GroupVersionKind]definition, file string) error {
	compressed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	reader, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		return err
	}
	var text strings.Builder
	if _, err := io.Copy(&text, reader); err != nil {
		return err
	}
	var crd apiextensionsv1.CustomResourceDefinition
	if err := yaml.Unmarshal([]byte(text.String()), &crd); err != nil {
		return err
	}
	for _, version := range crd.Spec.Versions {
		var props apiextensions.JSONSchemaProps
		err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, &props, nil)
		if err != nil {
			return err
		}
		structure, err := structural.NewStructural(&props)
		if err != nil {
			return err
		}
		validator, _, err := validation.NewSchemaValidator(&props)
		if err != nil {
			return err
		}
		kind := schema.GroupVersionKind{Group: crd.Spec.Group, Version: version.Name, Kind: crd.Spec.Names.Kind}
		found[kind] = definition{structure, validator}
	}
	return nil
}
