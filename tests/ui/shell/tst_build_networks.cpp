#include "tests/support/TestSupport.h"
#include "tests/ui/shell/Hands.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeItem.h"
#include "ui/session/Session.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/Theme.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QSpinBox>

using namespace limpid;
using test::Hands;
using test::Stuck;

namespace {

/// The window on a workspace with the project's own samples, and somebody who works with it.
struct Desk {
    explicit Desk(const QTemporaryDir& folder) : theme(qApp), runner(queue), session(runner, nullptr)
    {
        WindowOptions options;
        for (const char* name : {"digits", "penguins"})
            options.samples << QString::fromStdString(test::project(std::string("resources/samples/") + name + ".csv").string());
        options.settingsFile = folder.filePath("window.ini");
        window = std::make_unique<MainWindow>(session, theme, options);
        window->resize(1440, 900);
        window->show();
        window->activateWindow();
        (void)QTest::qWaitForWindowActive(window.get());
        session.openWorkspace(folder.filePath("workspace"));
        hands = std::make_unique<Hands>(*window);
    }
    ~Desk() { window->close(); }

    NetworkView& view() const { return hands->see<NetworkView>("networkView"); }
    NetworkScene& scene() const { return *static_cast<NetworkScene*>(view().scene()); }
    bool canTrain() const { return session.plan() && session.plan()->analysis.ok() && session.plan()->network == session.network(); }

    Theme theme;
    JobQueue queue;
    JobRunner runner;
    Session session;
    std::unique_ptr<MainWindow> window;
    std::unique_ptr<Hands> hands;
};

/// A line for each node, and what gives the prediction.
QString textOf(const NetworkSpec& network)
{
    QString text;
    for (const NodeSpec& node : network.nodes) {
        QStringList inputs;
        for (const std::string& input : node.inputs)
            inputs << QString::fromStdString(input);
        text += QString::fromStdString(node.id + ": " + node.type + " " + node.params.dump() + " <");
        text += (inputs.isEmpty() ? QString() : " " + inputs.join(", ")) + "\n";
    }
    for (const std::string& output : network.outputs)
        text += "gives " + QString::fromStdString(output) + "\n";
    return text;
}

/// What a user of the network editor does, however it is done.
class Builder
{
public:
    explicit Builder(Desk& desk) : m_desk(desk), m_hands(*desk.hands) {}
    virtual ~Builder() = default;

    virtual void openSample(const QString& name) = 0;
    /// On the Data page: the column is a category, not a number.
    virtual void makeCategory(const QString& column) = 0;
    virtual void goToNetwork() = 0;
    virtual void clear() = 0;
    /// Adds a layer after the one that was added last.
    virtual void add(const QString& layer) = 0;
    /// Another input, beside what is there, which is the one to go on from.
    virtual void addInput() = 0;
    /// A setting of the layer that was added last.
    virtual void set(const char* name, const QVariant& value) = 0;
    /// An edge more into `to`, which goes on to be the layer to go on from.
    virtual void wire(const std::string& from, const std::string& to) = 0;
    virtual void train() = 0;

protected:
    void waitForPlan()
    {
        Hands::wait("the plan", [this] { return m_desk.session.plan() && !m_desk.session.isOpening(); });
    }
    Desk& m_desk;
    Hands& m_hands;
};

class MouseBuilder : public Builder
{
public:
    using Builder::Builder;

    void openSample(const QString& name) override
    {
        Hands::wait("the samples", [this] { return m_desk.session.isReady(); });
        m_hands.click(m_hands.see<QPushButton>("sample_" + name));
        waitForPlan();
    }
    void makeCategory(const QString&) override
    {
        // The target's column is chosen from the start.
        m_hands.clickChoice(m_hands.see<QComboBox>("columnType"), "category");
        Hands::wait("the file read anew", [this] { return m_desk.session.plan() && m_desk.session.plan()->context.outputs > 1; });
        waitForPlan();
    }
    void goToNetwork() override { m_hands.click(m_hands.see<QWidget>("rail_network")); }
    void clear() override
    {
        m_hands.clickInMenu(m_hands.see<QPushButton>("canvasEditButton"), "selectAllAction");
        m_hands.clickInMenu(m_hands.see<QPushButton>("canvasEditButton"), "deleteAction");
    }
    void add(const QString& layer) override
    {
        auto& list = m_hands.see<QListView>("layerList");
        const QPoint at = m_hands.find(list, layer);
        m_hands.doubleClick(*list.viewport(), at);
    }
    void addInput() override { add("Input"); }
    void set(const char* name, const QVariant& value) override
    {
        auto& field = m_hands.see<QWidget>(QString("param_") + name);
        if (auto* box = qobject_cast<QComboBox*>(&field))
            return m_hands.clickChoice(*box, value.toString());
        m_hands.turnTo(
            field,
            [&field] {
                auto* spin = qobject_cast<QSpinBox*>(&field);
                return spin ? spin->value() : qobject_cast<QLineEdit*>(&field)->text().toDouble();
            },
            value.toDouble());
    }
    void wire(const std::string& from, const std::string& to) override
    {
        m_hands.click(m_hands.see<QPushButton>("fitButton"));
        NetworkView& view = m_desk.view();
        const NetworkScene& scene = m_desk.scene();
        m_hands.drag(*view.viewport(), view.mapFromScene(scene.node(from)->outPort()), view.mapFromScene(scene.node(to)->inPort()) + QPoint(0, 4));
        m_hands.click(*view.viewport(), view.mapFromScene(scene.node(to)->sceneBoundingRect().center()));
    }
    void train() override
    {
        m_hands.click(m_hands.see<QWidget>("rail_train"));
        Hands::wait("a network that can be trained", [this] { return m_desk.canTrain() && m_hands.see<QPushButton>("trainStart").isEnabled(); });
        m_hands.click(m_hands.see<QPushButton>("trainStart"));
    }
};

class KeyboardBuilder : public Builder
{
public:
    using Builder::Builder;

    void openSample(const QString& name) override
    {
        Hands::wait("the workspace", [this] { return m_desk.session.isReady(); });
        search(name);
        waitForPlan();
    }
    void makeCategory(const QString& column) override
    {
        search(column);
        m_hands.tabTo("columnType", 8);
        m_hands.type("c");
        Hands::wait("the file read anew", [this] { return m_desk.session.plan() && m_desk.session.plan()->context.outputs > 1; });
        waitForPlan();
    }
    void goToNetwork() override
    {
        m_hands.key(Qt::Key_2, Qt::ControlModifier);
        Hands::expectAt("networkView");
    }
    void clear() override
    {
        m_hands.key(Qt::Key_A, Qt::ControlModifier);
        m_hands.key(Qt::Key_Delete);
    }
    void add(const QString& layer) override
    {
        m_hands.key(Qt::Key_A);
        Hands::expectAt("pickerFind");
        m_hands.type(layer.toLower());
        m_hands.key(Qt::Key_Return);
        if (Hands::isAt("pickerFind"))
            throw Stuck("the list does not offer " + layer + " after\n" + textOf(m_desk.scene().network()));
        Hands::expectAt("networkView");
    }
    void addInput() override
    {
        m_hands.key(Qt::Key_Escape);
        add("Input");
    }
    void set(const char* name, const QVariant& value) override
    {
        m_hands.key(Qt::Key_Return); // to the first of its settings
        m_hands.tabTo(qPrintable(QString("param_") + name), 3);
        m_hands.type(value.toString());
        m_hands.key(Qt::Key_Return);
        Hands::expectAt("networkView");
    }
    void wire(const std::string& from, const std::string& to) override
    {
        walkTo(from);
        m_hands.key(Qt::Key_C);
        const auto target = [&] { return m_desk.scene().wireTarget() ? m_desk.scene().wireTarget()->id() : std::string(); };
        for (int step = 0; step < 8 && target() != to; ++step)
            m_hands.key(Qt::Key_Down);
        if (target() != to)
            throw Stuck("the wire does not come to " + QString::fromStdString(to));
        m_hands.key(Qt::Key_Return);
        walkTo(to);
    }
    void train() override
    {
        Hands::wait("a network that can be trained", [this] { return m_desk.canTrain(); });
        m_hands.key(Qt::Key_R, Qt::ControlModifier);
    }

private:
    void search(const QString& text)
    {
        m_hands.key(Qt::Key_K, Qt::ControlModifier);
        Hands::expectAt("search");
        m_hands.type(text);
        m_hands.key(Qt::Key_Return);
    }
    /// With the arrows, up or down where the other is further off that way, else aside.
    void walkTo(const std::string& id)
    {
        const auto now = [&] { return m_desk.scene().selectedNodes(); };
        for (int step = 0; step < 12 && now() != std::vector<std::string>{id}; ++step) {
            const QPointF way = m_desk.scene().node(id)->pos() - m_desk.scene().node(now().front())->pos();
            m_hands.key(way.y() < 0 ? Qt::Key_Up : way.y() > 0 ? Qt::Key_Down : way.x() < 0 ? Qt::Key_Left : Qt::Key_Right);
        }
        if (now() != std::vector<std::string>{id})
            throw Stuck("the arrows do not lead to " + QString::fromStdString(id));
    }
};

// ---- the networks, as papers and textbooks draw them

/// LeCun et al. 1998, figure 2, for images of 8 × 8: six maps, six pooled, sixteen maps, sixteen pooled, 120, 84, ten classes.
void buildLeNet(Builder& user)
{
    user.add("Input");
    user.add("Reshape"); // its usual shape is a square image
    user.add("Conv2d");
    user.set("out_channels", 6);
    user.set("kernel_size", 5);
    user.set("padding", 2);
    user.add("Tanh");
    user.add("AvgPool2d");
    user.add("Conv2d");
    user.add("Tanh");
    user.add("AvgPool2d");
    user.add("Flatten");
    user.add("Linear");
    user.set("out_features", 120);
    user.add("Tanh");
    user.add("Linear");
    user.set("out_features", 84);
    user.add("Tanh");
    user.add("Linear");
    user.set("out_features", 10);
}

const char* const leNet = R"(input: Input {} <
reshape: Reshape {} < input
conv2d: Conv2d {"kernel_size":5,"out_channels":6,"padding":2} < reshape
tanh: Tanh {} < conv2d
avgpool2d: AvgPool2d {} < tanh
conv2d2: Conv2d {} < avgpool2d
tanh2: Tanh {} < conv2d2
avgpool2d2: AvgPool2d {} < tanh2
flatten: Flatten {} < avgpool2d2
linear: Linear {"out_features":120} < flatten
tanh3: Tanh {} < linear
linear2: Linear {"out_features":84} < tanh3
tanh4: Tanh {} < linear2
linear3: Linear {"out_features":10} < tanh4
gives linear3
)";

/// He et al. 2016, figure 2: y = F(x) + x, F two layers, the second without its activation.
void buildResidual(Builder& user)
{
    user.add("Input");
    user.add("Linear");
    user.add("ReLU");
    user.add("Linear");
    user.add("ReLU");
    user.add("Linear");
    user.add("Add");
    user.wire("relu", "add");
    user.add("ReLU");
    user.add("Linear");
    user.set("out_features", 10);
}

const char* const residual = R"(input: Input {} <
linear: Linear {} < input
relu: ReLU {} < linear
linear2: Linear {} < relu
relu2: ReLU {} < linear2
linear3: Linear {} < relu2
add: Add {} < linear3, relu
relu3: ReLU {} < add
linear4: Linear {"out_features":10} < relu3
gives linear4
)";

/// Numbers as they are and categories through tables of vectors, side by side (Guo, Berkhahn 2016).
void buildTwoInputs(Builder& user)
{
    user.add("Input");
    user.addInput();
    user.set("features", "categories");
    user.add("Embedding");
    user.add("Concat");
    user.wire("input", "concat");
    user.add("Linear");
    user.add("ReLU");
    user.add("Linear");
    user.set("out_features", 3);
}

const char* const twoInputs = R"(input: Input {} <
input2: Input {"features":"categories"} <
embedding: Embedding {} < input2
concat: Concat {} < embedding, input
linear: Linear {} < concat
relu: ReLU {} < linear
linear2: Linear {"out_features":3} < relu
gives linear2
)";

} // namespace

/// The user's whole path, from the sample to the run in the store, once with a mouse alone and once with a keyboard alone.
class TestBuildNetworks : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression("^(?!This plugin does not support)")); } // nothing of the platform without a screen

    void buildsAndTrains_data()
    {
        QTest::addColumn<QString>("sample");
        QTest::addColumn<QString>("category");
        QTest::addColumn<QString>("drawn");
        QTest::addColumn<double>("majority"); // share of the largest class: digits 183 of 1797, penguins 152 of 344
        QTest::addColumn<bool>("keyboard");
        for (const bool keyboard : {false, true}) {
            const QString how = keyboard ? " by keyboard" : " by mouse";
            QTest::newRow(qPrintable("LeNet" + how)) << "digits" << "digit" << leNet << 0.102 << keyboard;
            QTest::newRow(qPrintable("residual block" + how)) << "digits" << "digit" << residual << 0.102 << keyboard;
            QTest::newRow(qPrintable("two inputs" + how)) << "penguins" << "" << twoInputs << 0.442 << keyboard;
        }
    }
    void buildsAndTrains()
    {
        QFETCH(QString, sample);
        QFETCH(QString, category);
        QFETCH(QString, drawn);
        QFETCH(double, majority);
        QFETCH(bool, keyboard);
        const QTemporaryDir folder;
        NetworkSpec network;
        try {
            Desk desk(folder);
            std::unique_ptr<Builder> user;
            if (keyboard)
                user = std::make_unique<KeyboardBuilder>(desk);
            else
                user = std::make_unique<MouseBuilder>(desk);
            user->openSample(sample);
            if (!category.isEmpty())
                user->makeCategory(category);
            user->goToNetwork();
            Hands::wait("the preset", [&] { return !desk.scene().network().nodes.empty(); });
            user->clear();
            QVERIFY(desk.scene().network().nodes.empty());
            (drawn == leNet ? buildLeNet : drawn == residual ? buildResidual : buildTwoInputs)(*user);
            QCOMPARE(textOf(desk.scene().network()), drawn);
            network = desk.scene().network();
            QSignalSpy ended(&desk.session, &Session::trainingEnded);
            user->train();
            QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 60000);
            qInfo("%d clicks, %d notches, %d keys", desk.hands->clicks(), desk.hands->notches(), desk.hands->keys());
        } catch (const Stuck& stuck) {
            QFAIL(stuck.what());
        }

        Workspace workspace(folder.filePath("workspace").toStdString());
        const std::vector<RunRecord> runs = workspace.runs();
        QCOMPARE(runs.size(), std::size_t(1));
        QCOMPARE(runs.front().status, RunStatus::Finished);
        QCOMPARE(NetworkSpec::fromJson(runs.front().network), network);
        const double accuracy = runs.front().metrics.at("validation").at("accuracy").get<double>();
        QVERIFY2(accuracy > majority + 0.3, qPrintable(QString::number(accuracy)));
        const std::vector<ModelSummary> models = workspace.models();
        QCOMPARE(models.size(), std::size_t(1));
        QCOMPARE(models.front().versions.front().run, runs.front().id);
        const Bundle bundle = workspace.loadBundle(models.front().versions.front());
        QCOMPARE(bundle.network, network);
    }
};

QTEST_MAIN(TestBuildNetworks)
#include "tst_build_networks.moc"
