#include "ui/network/NetworkFiles.h"

#include "core/base/File.h"
#include "core/exchange/NetworkReader.h"
#include "core/exchange/OnnxImport.h"
#include "ui/network/NetworkEdits.h"
#include "ui/network/NetworkPicture.h"
#include "ui/network/VersionPicker.h"
#include "ui/session/Session.h"
#include "ui/text/Messages.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

#include <algorithm>

namespace limpid {

namespace {

constexpr const char* folderKey = "network/folder";

std::filesystem::path toPath(const QString& path)
{
    return std::filesystem::path(path.toStdU16String());
}

JobRunner::Options foreground(const char* kind, const QString& subject)
{
    JobRunner::Options options;
    options.kind = kind;
    options.subject = subject.toStdString();
    options.lane = JobQueue::Lane::Foreground;
    return options;
}

/// Of the network, or of its largest block: one of them is on the canvas at a time.
std::size_t drawnParts(const NetworkSpec& network)
{
    const auto parts = [](const GraphSpec& graph) {
        std::size_t count = graph.nodes.size() + graph.comments.size();
        for (const NodeSpec& node : graph.nodes)
            count += node.inputs.size();
        return count;
    };
    std::size_t most = parts(network);
    for (const BlockSpec& block : network.blocks)
        most = std::max(most, parts(block.body));
    return most;
}

} // namespace

NetworkFiles::NetworkFiles(Session& session, const NetworkScene& scene, std::function<const NetworkSpec&()> current, const Theme& theme, QWidget* window)
    : QObject(window), m_session(session), m_scene(scene), m_current(std::move(current)), m_window(window), m_versions(new VersionPicker(theme, window))
{
    connect(m_versions, &VersionPicker::chosen, this, [this](const QString& reference) { m_versionChosen(reference); });
}

void NetworkFiles::fill(QMenu& menu)
{
    menu.clear();
    const auto add = [&](const char* name, const QString& text, std::function<void()> run, bool enabled = true) {
        QAction* action = menu.addAction(text, this, std::move(run));
        action->setObjectName(name);
        action->setEnabled(enabled);
    };
    const bool models = !m_session.models().empty();
    add("openNetwork", tr("Open a network…"), [this] { askForFile(tr("Open a network"), "openNetworkDialog", [this](const QString& path) { openFile(path); }); });
    add("openVersion", tr("Open a saved model's network…"),
        [this, &menu] { askForVersion(menu.pos(), tr("Open the network of"), [this](const QString& reference) { openVersion(reference); }); }, models);
    add("saveNetwork", tr("Save as JSON…"), [this] {
        askWhereTo(tr("Save the network"), "saveNetworkDialog", QStringLiteral("network.json"), tr("Network (*.json)"), [this](const QString& path) { save(path); });
    });
    menu.addSeparator();
    add("compareVersion", tr("Compare with a saved model…"),
        [this, &menu] { askForVersion(menu.pos(), tr("Compare with"), [this](const QString& reference) { compareWithVersion(reference); }); }, models);
    add("compareFile", tr("Compare with a file…"),
        [this] { askForFile(tr("Compare with a network"), "compareNetworkDialog", [this](const QString& path) { compareWithFile(path); }); });
    add("stopComparing", tr("Stop comparing"), [this] { emit comparisonEnded(); }, m_comparing);
    menu.addSeparator();
    const auto picture = [this](const char* ending, const QString& kind) {
        askWhereTo(tr("Save the picture"), "pictureDialog", QStringLiteral("network.%1").arg(QLatin1String(ending)), kind,
                   [this](const QString& path) { savePicture(path); });
    };
    add("savePng", tr("Save the picture as PNG…"), [picture] { picture("png", tr("PNG picture (*.png)")); });
    add("saveSvg", tr("Save the picture as SVG…"), [picture] { picture("svg", tr("SVG picture (*.svg)")); });
}

// ---- what is asked for

QString NetworkFiles::folder() const
{
    const nlohmann::json kept = m_session.viewValue(folderKey);
    if (kept.is_string())
        return QString::fromStdString(kept.get<std::string>());
    const QString file = m_session.filePath();
    return file.isEmpty() ? QDir::homePath() : QFileInfo(file).absolutePath();
}

void NetworkFiles::keepFolder(const QString& path)
{
    m_session.setViewValue(folderKey, QFileInfo(path).absolutePath().toStdString());
}

void NetworkFiles::askForFile(const QString& title, const char* name, Chosen chosen)
{
    auto* dialog = new QFileDialog(m_window, title, folder());
    dialog->setObjectName(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Networks (*.json *.onnx)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this, chosen = std::move(chosen)](const QString& path) {
        keepFolder(path);
        chosen(path);
    });
    dialog->open();
}

void NetworkFiles::askWhereTo(const QString& title, const char* name, const QString& file, const QString& kind, Chosen chosen)
{
    auto* dialog = new QFileDialog(m_window, title, folder(), kind);
    dialog->setObjectName(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QFileInfo(file).suffix());
    dialog->selectFile(file);
    connect(dialog, &QFileDialog::fileSelected, this, [this, chosen = std::move(chosen)](const QString& path) {
        keepFolder(path);
        chosen(path);
    });
    dialog->open();
}

void NetworkFiles::askForVersion(const QPoint& place, const QString& heading, Chosen chosen)
{
    m_versionChosen = std::move(chosen);
    m_versions->open(place, m_session.models(), heading);
}

// ---- reading

bool NetworkFiles::isNetworkFile(const QString& path)
{
    return path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive) || isOnnxFile(toPath(path));
}

NetworkFiles::Read NetworkFiles::fileReader(const QString& path) const
{
    return [path = toPath(path)] { return readNetworkFile(path).network; };
}

NetworkFiles::Read NetworkFiles::versionReader(const QString& reference) const
{
    return [workspace = m_session.workspace(), name = reference.toStdString()] { return workspace->loadNetwork(workspace->resolve(name)); };
}

void NetworkFiles::read(const QString& name, Read work, std::uint64_t& token, std::function<void(const NetworkSpec&)> done)
{
    const std::uint64_t asked = ++token;
    m_session.jobs().run(
        foreground("open", name), this,
        [work = std::move(work)](Task&) {
            NetworkSpec network = work();
            if (drawnParts(network) <= mostDrawn && edits::needsLayout(network))
                edits::autoLayout(network);
            return network;
        },
        [this, asked, &token, name, done = std::move(done)](const NetworkSpec& network) {
            if (asked == token && isDrawable(network, name))
                done(network);
        },
        [this](const std::exception_ptr& failure) { emit m_session.failed(sentenceOf(failure)); });
}

bool NetworkFiles::isDrawable(const NetworkSpec& network, const QString& name)
{
    const std::size_t parts = drawnParts(network);
    if (parts > mostDrawn)
        emit m_session.failed(tr("“%1” is too large for the canvas: it has %2 layers and connections, and at most %3 can be shown. The command "
                                 "line trains and compares it: limpid train --network, limpid network diff.")
                                  .arg(name, countText(static_cast<qint64>(parts)), countText(static_cast<qint64>(mostDrawn))));
    return parts <= mostDrawn;
}

bool NetworkFiles::dataIsOpen()
{
    if (m_session.data())
        return true;
    emit m_session.noticed(tr("Open the data first: a network is drawn for its columns."));
    return false;
}

void NetworkFiles::show(const NetworkSpec& network, const QString& name, const QString& more)
{
    if (!dataIsOpen()) // it was closed meanwhile
        return;
    emit opened(network, name);
    const QString told = network.nodes.size() == 1 ? tr("“%1” is on the canvas: 1 layer.").arg(name)
                                                   : tr("“%1” is on the canvas: %2 layers.").arg(name, countText(static_cast<qint64>(network.nodes.size())));
    emit m_session.noticed(more.isEmpty() ? told : told + QLatin1Char(' ') + more);
}

void NetworkFiles::openFile(const QString& path)
{
    if (!dataIsOpen())
        return;
    const QString name = QFileInfo(path).fileName();
    const QString more = isOnnxFile(toPath(path)) ? tr("Weights are not imported; training starts anew.") : QString();
    read(name, fileReader(path), m_openToken, [this, name, more](const NetworkSpec& network) { show(network, name, more); });
}

void NetworkFiles::openVersion(const QString& reference)
{
    if (!dataIsOpen())
        return;
    read(reference, versionReader(reference), m_openToken,
         [this, reference](const NetworkSpec& network) { show(network, reference, tr("Its weights stay with the version; training starts anew.")); });
}

void NetworkFiles::compareWithFile(const QString& path)
{
    const QString name = QFileInfo(path).fileName();
    read(name, fileReader(path), m_compareToken, [this, name](const NetworkSpec& network) { emit compared(network, name); });
}

void NetworkFiles::compareWithVersion(const QString& reference)
{
    read(reference, versionReader(reference), m_compareToken, [this, reference](const NetworkSpec& network) { emit compared(network, reference); });
}

// ---- writing

void NetworkFiles::write(const char* kind, const QString& path, std::function<void()> work, const QString& told)
{
    m_session.jobs().run(
        foreground(kind, QFileInfo(path).fileName()), this,
        [work = std::move(work)](Task&) {
            work();
            return true;
        },
        [this, told](bool) { emit m_session.noticed(told); },
        [this](const std::exception_ptr& failure) { emit m_session.failed(sentenceOf(failure)); });
}

void NetworkFiles::save(const QString& path)
{
    write("save", path, [network = m_current(), path = toPath(path)] { writeFileAtomically(path, network.toJson().dump(1) + "\n"); },
          tr("The network is saved as %1.").arg(QFileInfo(path).fileName()));
}

void NetworkFiles::savePicture(const QString& path)
{
    // A large picture takes a second to paint and pack: from a copy of what is shown.
    write("picture", path, [picture = NetworkPicture::of(m_scene), path] { picture.save(path); },
          tr("The picture is saved as %1.").arg(QFileInfo(path).fileName()));
}

} // namespace limpid
