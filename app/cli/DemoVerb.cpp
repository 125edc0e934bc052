#include "app/cli/DataOptions.h"
#include "app/cli/ExplainText.h"
#include "app/cli/Interrupt.h"
#include "app/cli/Output.h"
#include "app/cli/ProfileText.h"
#include "app/cli/ProgressLine.h"
#include "app/cli/Report.h"
#include "app/cli/Training.h"
#include "core/base/File.h"
#include "core/data/Profile.h"
#include "core/engine/NetworkPredictor.h"
#include "core/workbench/ExplainTable.h"
#include "ui/text/Messages.h"

#ifdef LIMPID_GUI
#include "app/cli/DemoPictures.h"
#endif

#include <CLI/App.hpp>

#include <QCoreApplication>

#include <algorithm>

namespace limpid {

namespace fs = std::filesystem;

namespace {

struct DemoOptions {
    std::string out = "limpid-demo";
};

/// Beside the installed program, else in the source tree it was built from.
fs::path sampleFile(const char* name)
{
    const fs::path program = QCoreApplication::applicationDirPath().toStdString();
    for (const fs::path& folder : {program / ".." / "share" / "limpid" / "samples", fs::path(LIMPID_SAMPLES)}) {
        std::error_code ignored;
        if (fs::exists(folder / name, ignored))
            return folder / name;
    }
    throw Error(ErrorCode::FileNotFound, {{"path", name}});
}

QString qtText(const fs::path& path)
{
    return QString::fromStdString(utf8(path));
}

/// All of the job in the order in which it is told, with what each step came to.
class Demo
{
public:
    Demo(const CliContext& context, fs::path out) : m_context(context), m_out(std::move(out)) {}

    void run()
    {
        say(QStringLiteral("Limpid's main job on a bundled data set: which species is a penguin, from its measures and its island?"));
        read();
        profileColumns();
        trainNetwork();
        evaluate();
        explain();
        writeReport();
    }
    nlohmann::json document() const { return m_document; }

private:
    void say(const QString& text = {}) const
    {
        if (!m_context.json)
            printLine(text);
    }
    void step(const QString& name)
    {
        say();
        say(QStringLiteral("%1  %2").arg(++m_step).arg(name));
    }

    void read()
    {
        step(QStringLiteral("Read"));
        m_data = readData(m_context, sampleFile("penguins.csv"), {});
        say(dataSentence(m_data));
    }

    void profileColumns()
    {
        step(QStringLiteral("Profile"));
        Task task;
        const Interrupt interrupt(task);
        m_profile = profile(m_data.table(), task);
        if (!m_context.json)
            printProfile(m_data, m_profile);
    }

    void trainNetwork()
    {
        step(QStringLiteral("Train"));
        TrainRequest request;
        request.pipeline.target = "species";
        request.name = "penguins";
        m_split = planTraining(m_data, request).split;
        m_workspace = std::make_unique<Workspace>(m_out / "workspace");
        m_outcome = trainWithProgress(m_context, *m_workspace, m_data, request, &m_epochs);
        if (!m_context.json)
            printTraining(m_outcome);
        m_document["train"] = trainJson(m_outcome);
    }

    void evaluate()
    {
        step(QStringLiteral("Evaluate, on the rows kept aside, with the model as it was stored"));
        m_predictor = makePredictor(m_workspace->loadBundle(m_outcome.version));
        Task task;
        const Interrupt interrupt(task);
        m_evaluation = evaluateTable(*m_predictor, m_data.table().select(m_split.validation), task);
        if (!m_context.json)
            printConfusion(m_evaluation.classes, m_evaluation.metrics.confusion);
        m_document["evaluate"] = {{"rows", m_evaluation.rows}, {"metrics", metricsJson(m_evaluation.metrics)}};
    }

    void explain()
    {
        step(QStringLiteral("Explain"));
        ExplainRequest request;
        request.rowEnd = m_data.table().rows();
        ProgressLine line(m_context, QStringLiteral("Explaining"), double(request.rowEnd), QStringLiteral("rows"));
        Task task(line.listener());
        {
            const Interrupt interrupt(task);
            m_explanation = explainTable(*m_predictor, m_data.table(), m_split.train, request, {}, task);
        }
        m_explanation.background = "training rows";
        if (!m_context.json)
            printExplanation(m_explanation, "penguins version " + std::to_string(m_outcome.version.version));
    }

    void writeReport()
    {
        Report report(QStringLiteral("From a file to an explained model: penguins"));
        report.addParagraph(QStringLiteral("Limpid read a table, trained a small neural network on it, judged it on rows that it had not seen, and worked "
                                           "out which columns drive its predictions. Everything happened on this machine."));
        report.addHeading(QStringLiteral("Data"));
        report.addParagraph(dataSentence(m_data) + u'.');
        std::vector<QStringList> columns{{QStringLiteral("Column"), QStringLiteral("Type"), QStringLiteral("Missing"), QStringLiteral("Distinct")}};
        for (const ColumnProfile& column : m_profile)
            columns.push_back({QString::fromStdString(column.name), QString::fromStdString(std::string(columnTypeName(column.type))),
                               countText(qint64(column.missing)), countText(qint64(column.distinct))});
        report.addTable(columns);

        report.addHeading(QStringLiteral("Training"));
        report.addParagraph(QStringLiteral("%1 parameters, %2 training rows, %3 epochs in %4; the best epoch was number %5.")
                                .arg(countText(m_outcome.parameters), countText(qint64(m_outcome.rows))).arg(m_outcome.result.epochs)
                                .arg(durationText(m_outcome.result.seconds)).arg(m_outcome.result.bestEpoch));
        addPicture(report, 0);

        report.addHeading(QStringLiteral("How good it is"));
        std::vector<QStringList> figures{{QStringLiteral("Figure"), QStringLiteral("Training rows"), QStringLiteral("Validation rows")}};
        for (const auto& [name, value] : m_evaluation.metrics.values) {
            const auto train = m_outcome.result.train.values.find(name);
            figures.push_back({metricName(name), train == m_outcome.result.train.values.end() ? QString() : numberText(train->second), numberText(value)});
        }
        report.addTable(figures);
        report.addParagraph(QStringLiteral("True species down, predicted species across:"));
        std::vector<QStringList> confusion{{QString()}};
        const std::size_t classes = m_evaluation.classes.size();
        for (const std::string& name : m_evaluation.classes)
            confusion.front() << QString::fromStdString(name);
        for (std::size_t i = 0; i < classes && m_evaluation.metrics.confusion.size() == classes * classes; ++i) {
            QStringList row{QString::fromStdString(m_evaluation.classes[i])};
            for (std::size_t j = 0; j < classes; ++j)
                row << countText(m_evaluation.metrics.confusion[i * classes + j]);
            confusion.push_back(row);
        }
        report.addTable(confusion);

        report.addHeading(QStringLiteral("What drives it"));
        report.addParagraph(QStringLiteral("Shapley values share each prediction out among the columns, compared with %1 training rows. "
                                           "With the base value they add up to the prediction within %2 of its range.")
                                .arg(m_explanation.backgroundRows).arg(m_explanation.residual, 0, 'g', 2));
        addPicture(report, 1);
        addPicture(report, 2);

        report.addHeading(QStringLiteral("Go on"));
        const QString workspace = qtText(m_out / "workspace");
        report.addCommand(QStringLiteral("limpid models list --workspace %1").arg(workspace));
        report.addCommand(QStringLiteral("limpid train YOUR.csv --target COLUMN"));
        writeFileAtomically(m_out / "report.html", report.html().toStdString());
        m_written.push_back(m_out / "report.html");

        say();
        say(QStringLiteral("Written:"));
        nlohmann::json files = nlohmann::json::array();
        for (const fs::path& path : m_written) {
            say(QStringLiteral("  ") + qtText(fs::absolute(path).lexically_normal()));
            files.push_back(utf8(fs::absolute(path).lexically_normal()));
        }
        m_document["files"] = files;
        m_document["workspace"] = utf8(m_out / "workspace");
        say();
        say(QStringLiteral("The model is kept in %1. Next: limpid train YOUR.csv --target COLUMN").arg(workspace));
    }

    /// 0 curve, 1 beeswarm, 2 waterfall. A Limpid without its window leaves them out.
    void addPicture(Report& report, int which)
    {
#ifdef LIMPID_GUI
        if (m_pictures.empty()) {
            m_pictures = drawDemoPictures(m_epochs, m_explanation, m_out);
            for (const DemoPicture& picture : m_pictures)
                m_written.push_back(picture.path);
        }
        const DemoPicture& picture = m_pictures[std::size_t(which)];
        report.addPicture(picture.light, picture.dark, picture.sentence);
#else
        (void)report;
        (void)which;
#endif
    }

    const CliContext& m_context;
    const fs::path m_out;
    int m_step = 0;
    DataSet m_data;
    std::vector<ColumnProfile> m_profile;
    Split m_split;
    std::unique_ptr<Workspace> m_workspace;
    std::vector<EpochRecord> m_epochs;
    TrainOutcome m_outcome;
    std::unique_ptr<Predictor> m_predictor;
    EvaluateOutcome m_evaluation;
    Explanation m_explanation;
#ifdef LIMPID_GUI
    std::vector<DemoPicture> m_pictures;
#endif
    std::vector<fs::path> m_written;
    nlohmann::json m_document = nlohmann::json::object();
};

int runDemo(const CliContext& context, const DemoOptions& options)
{
    const fs::path out = options.out;
    std::error_code failure;
    fs::create_directories(out, failure);
    if (failure)
        throw Error(ErrorCode::FileUnwritable, {{"path", out.string()}, {"reason", failure.message()}});
    Demo demo(context, out);
    demo.run();
    if (context.json)
        printJson(demo.document());
    return Interrupt::happened() ? interruptedExitCode : 0;
}

} // namespace

void addDemoVerb(CLI::App& app, CliContext& context)
{
    CLI::App* verb = addVerb(app, context, "demo", "The whole main job on a bundled data set, without a screen: read, profile, train, evaluate, explain",
                             "  limpid demo\n  limpid demo --out /tmp/penguins");
    auto options = std::make_shared<DemoOptions>();
    verb->add_option("--out", options->out, "Folder for pictures, report and workspace")->type_name("DIR")->capture_default_str();
    verb->callback([&context, options] {
        context.needsPictures = true;
        context.run = [&context, options] { return runDemo(context, *options); };
    });
}

} // namespace limpid
