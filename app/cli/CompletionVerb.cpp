#include "app/cli/Context.h"
#include "app/cli/Output.h"
#include "core/explain/Attribution.h"
#include "core/explain/Shapley.h"
#include "core/model/NetworkSpec.h"
#include "core/model/TrainSpec.h"

#include <CLI/App.hpp>

#include <algorithm>

namespace limpid {

namespace {

std::string joined(const std::vector<std::string>& words, const char* separator)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : separator) + word;
    return text;
}

struct Place {
    std::string path;                  ///< "/runs/list"
    std::vector<std::string> words;    ///< what may come next
};

void collect(const CLI::App& app, const std::string& path, std::vector<Place>& places)
{
    Place place{path, {}};
    const std::vector<const CLI::App*> verbs = app.get_subcommands([](const CLI::App*) { return true; });
    for (const CLI::App* verb : verbs)
        place.words.push_back(verb->get_name());
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames())
            place.words.push_back("--" + name);
    }
    places.push_back(std::move(place));
    for (const CLI::App* verb : verbs)
        collect(*verb, path + '/' + verb->get_name(), places);
}

/// What an option with a fixed choice takes.
std::vector<std::pair<std::string, std::vector<std::string>>> optionValues()
{
    std::vector<std::pair<std::string, std::vector<std::string>>> values;
    for (const ParamSpec& param : trainParams()) {
        if (param.type != ParamType::Choice)
            continue;
        std::string name = param.name;
        std::replace(name.begin(), name.end(), '_', '-');
        values.emplace_back("--" + name, param.choices);
    }
    std::vector<std::string> methods = shapleyMethods();
    methods.insert(methods.end(), attributionMethods().begin(), attributionMethods().end());
    methods.push_back("permutation-importance");
    values.emplace_back("--method", methods);
    values.emplace_back("--network", networkPresets());
    values.emplace_back("--categories", std::vector<std::string>{"embedding", "one-hot"});
    values.emplace_back("--scaling", std::vector<std::string>{"standard", "quantile", "none"});
    values.emplace_back("--kind", std::vector<std::string>{"beeswarm", "bar", "waterfall"});
    values.emplace_back("--output-space", std::vector<std::string>{"raw", "probability"});
    return values;
}

std::string bashScript(const CLI::App& app)
{
    std::vector<Place> places;
    collect(app, "", places);
    std::vector<std::string> paths;
    for (const Place& place : places) {
        if (!place.path.empty())
            paths.push_back(place.path);
    }
    std::string script = "# Tab completion of limpid for bash: source <(limpid completion bash)\n"
                         "_limpid() {\n"
                         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= i\n"
                         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
                         "    case \"$path/${COMP_WORDS[i]}\" in\n"
                         "      " + joined(paths, "|") + ") path=\"$path/${COMP_WORDS[i]}\" ;;\n"
                         "    esac\n"
                         "  done\n"
                         "  case \"$prev\" in\n";
    for (const auto& [option, values] : optionValues())
        script += "    " + option + ") words=\"" + joined(values, " ") + "\" ;;\n";
    script += "  esac\n"
              "  if [[ -z $words ]]; then\n"
              "    case \"$path\" in\n";
    for (const Place& place : places)
        script += "      \"" + place.path + "\") words=\"" + joined(place.words, " ") + "\" ;;\n";
    script += "    esac\n"
              "  fi\n"
              "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
              "}\n"
              "complete -o default -F _limpid limpid\n"; // file names where no word fits
    return script;
}

} // namespace

void addCompletionVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "completion", "Print the script that completes limpid's words on Tab",
                             "  source <(limpid completion bash)\n"
                             "  limpid completion bash > ~/.local/share/bash-completion/completions/limpid");
    auto shell = std::make_shared<std::string>("bash");
    verb->add_option("SHELL", *shell, "The shell")->check(CLI::IsMember({"bash"}))->capture_default_str();
    verb->callback([&context, &app, shell] { // the option writes to `shell`: it lives as long as the verb
        context.run = [&app] {
            const std::string script = bashScript(app);
            std::fwrite(script.data(), 1, script.size(), stdout);
            return 0;
        };
    });
}

} // namespace limpid
