#include "ui/network/CanvasFrame.h"

#include "core/model/NetworkSpec.h"
#include "ui/network/CanvasCommands.h"
#include "ui/network/CanvasLegend.h"
#include "ui/network/NetworkScene.h"
#include "ui/network/NetworkView.h"
#include "ui/network/NodeTexts.h"
#include "ui/theme/Theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace limpid {

CanvasFrame::CanvasFrame(NetworkView& view, const Theme& theme, QWidget* parent) : QFrame(parent), m_view(view), m_theme(theme)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(&view);
    m_buttons = buildButtons();
    m_buttons->raise();
    m_trail = new QWidget(this);
    m_trail->setObjectName("canvasTrail");
    new QHBoxLayout(m_trail);
    m_trail->layout()->setContentsMargins(0, 0, 0, 0);
    m_trail->layout()->setSpacing(2);
    m_trail->hide();
    m_legend = new CanvasLegend(theme, this);
    connect(m_legend, &CanvasLegend::resized, this, &CanvasFrame::place);
    setObjectName("canvasFrame");
    restyle();
    connect(&theme, &Theme::changed, this, &CanvasFrame::restyle);
}

QWidget* CanvasFrame::buildButtons()
{
    auto* buttons = new QWidget(this);
    buttons->setObjectName("canvasButtons");
    auto* row = new QHBoxLayout(buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    const auto add = [&](const QString& text, const char* name, const QString& tooltip) {
        auto* button = new QPushButton(text, buttons);
        button->setObjectName(name);
        button->setToolTip(tooltip);
        row->addWidget(button);
        return button;
    };
    const auto addMenu = [](QPushButton* button, const char* name) {
        auto* menu = new QMenu(button);
        menu->setObjectName(name);
        button->setMenu(menu);
        button->setStyleSheet("padding-right: 26px;");
        return menu;
    };

    m_zoom = add(QStringLiteral("100 %"), "zoomButton", tr("How large the layers are drawn. A click draws them at their own size (1); the wheel zooms."));
    m_zoom->setMinimumWidth(64);
    connect(m_zoom, &QPushButton::clicked, &m_view, &NetworkView::actualSize);
    connect(&m_view, &NetworkView::viewChanged, m_zoom, [this] {
        m_zoom->setText(tr("%1 %", "zoom").arg(static_cast<int>(std::lround(100.0 * m_view.zoomFactor()))));
    });
    connect(add(tr("Fit"), "fitButton", tr("Shows the whole network (F). The wheel zooms; the middle button, or the space bar and the mouse, pan.")),
            &QPushButton::clicked, &m_view, &NetworkView::fit);
    connect(add(tr("Tidy"), "tidyButton", tr("Places the layers in rows, from input to prediction (Ctrl+L).")), &QPushButton::clicked, this, [this] {
        static_cast<NetworkScene*>(m_view.scene())->tidy();
        m_view.fit();
    });

    auto* scene = static_cast<NetworkScene*>(m_view.scene());
    auto* values = add(tr("Values"), "valuesButton", tr("On each layer what it gives for real training rows: how its outputs are distributed, or its image (V)."));
    values->setCheckable(true);
    values->setChecked(scene->showsStrips());
    connect(values, &QPushButton::toggled, scene, &NetworkScene::setStripsShown);
    connect(scene, &NetworkScene::stripsToggled, values, &QPushButton::setChecked);

    m_fileMenu = addMenu(add(tr("File"), "canvasFileButton", tr("Opens, saves and compares networks: files and saved models.")), "canvasFileMenu");
    auto* edit = addMenu(add(tr("Edit"), "canvasEditButton", m_view.keysHelp()), "canvasEditMenu");
    connect(edit, &QMenu::aboutToShow, this, [this, edit] {
        edit->clear();
        m_view.commands().fill(*edit);
    });

    auto* presets = addMenu(add(tr("Preset"), "presetButton", tr("Starts again from a network made to fit the data. It can be undone.")), "presetMenu");
    for (const std::string& name : networkPresets()) {
        QAction* action = presets->addAction(presetText(name));
        action->setObjectName("preset_" + QString::fromStdString(name));
        connect(action, &QAction::triggered, this, [this, name] { emit presetChosen(name); });
    }
    return buttons;
}

void CanvasFrame::setPath(const std::vector<std::string>& blocks)
{
    if (blocks == m_path)
        return;
    m_path = blocks;
    while (QLayoutItem* item = m_trail->layout()->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater(); // it may be the one that was clicked
        delete item;
    }
    for (int level = 0; level <= static_cast<int>(blocks.size()); ++level) {
        const QString name = level == 0 ? tr("Network") : QString::fromStdString(blocks[static_cast<std::size_t>(level) - 1]);
        if (level > 0) {
            auto* arrow = new QLabel(QStringLiteral("›"), m_trail);
            arrow->setProperty("role", "dim");
            m_trail->layout()->addWidget(arrow);
        }
        if (level == static_cast<int>(blocks.size())) {
            auto* here = new QLabel(name, m_trail);
            here->setObjectName("trailHere");
            here->setProperty("role", "cardTitle");
            m_trail->layout()->addWidget(here);
        } else {
            auto* back = new QPushButton(name, m_trail);
            back->setObjectName(QStringLiteral("trail%1").arg(level));
            back->setProperty("role", "link");
            back->setToolTip(tr("Back out of the block (Esc)."));
            connect(back, &QPushButton::clicked, this, [this, level] { emit levelChosen(level); });
            m_trail->layout()->addWidget(back);
        }
    }
    m_trail->setVisible(!blocks.empty());
    m_trail->adjustSize();
    m_trail->raise();
}

void CanvasFrame::place()
{
    m_buttons->adjustSize();
    m_trail->move(12, 12);
    m_buttons->move(width() - m_buttons->width() - 12, 12);
    m_legend->setMostWidth(std::max(160, width() - 190)); // the map has the other corner
    m_legend->move(12, height() - m_legend->height() - 12);
}

void CanvasFrame::resizeEvent(QResizeEvent* event)
{
    QFrame::resizeEvent(event);
    place();
}

void CanvasFrame::restyle()
{
    setStyleSheet(QString("QFrame#canvasFrame { background: %1; border: 1px solid %2; border-radius: %3px; }")
                      .arg(m_theme.colors().ground.name(), m_theme.colors().line.name())
                      .arg(Theme::cardRadius));
}

} // namespace limpid
